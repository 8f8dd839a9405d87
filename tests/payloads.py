"""Twenty-five texts that would like to be more than text, wherever they are shown."""

from __future__ import annotations


__all__ = ["PAYLOADS"]


PAYLOADS = (
    "<script>alert(1)</script>",
    "</style><script>alert(2)</script>",
    "</title><svg onload=alert(3)>",
    "<img src=x onerror=alert(4)>",
    '" onmouseover="alert(5)" x="',
    "' autofocus onfocus='alert(6)",
    "<a href=javascript:alert(7)>x</a>",
    "[x](javascript:alert(8))",
    "![x](https://a.example/9.png)",
    "<https://a.example/10>",
    "https://a.example/11 www.a.example",
    "<base href=//a.example><meta http-equiv=refresh content=0>",
    "<iframe srcdoc='<script>alert(13)</script>'></iframe>",
    "--><!--<b>",
    "]]><![CDATA[<b>15",
    "{{ 7 * 7 }}{% include 'x' %}{# y #}",
    "{name}{0.__class__}%s%(x)s",
    "&lt;b&gt;&#60;script&#62;",
    '=HYPERLINK("https://a.example","x")',
    "</summary></details></table></div><form action=//a.example>",
    "</bdi></td></tr></table><object data=//a.example>",
    "$$\\href{javascript:alert(22)}{x}$$",
    "| a | b |\n|---|---|\n# title ``` code",
    "\x1b]8;;https://a.example\x07x\x1b]8;;\x07\u202egpj.exe",
    "<math><mtext><style><img title='</style><img src onerror=alert(25)>'>",
)
