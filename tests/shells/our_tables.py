"""Tables that tell of our own side of two customers, every column filled."""

from __future__ import annotations


__all__ = ["FILLED"]


FILLED = {
    "contacts": (
        "customer,on,channel,kind,people,our_people,executive,purpose,planned,prepared,"
        "sales_team_notified,pre_brief,style,note\n"
        "C1,2025-05-05,customer,visit,S1,Wu;Li,yes,trust,yes,no,unknown,,"
        "business,spoke of the new plant\n"
    ),
    "motion": (
        "customer,offer,coverage,sponsorship,proximity,model,since\n"
        "C1,consultative,team,executive-sponsored,joint-team,dedicated,2024-07-01\n"
        "C2,standard-product,,,,,\n"
    ),
    "team": (
        "customer,name,department,strengths\n"
        "C1,Wu,sales,price;negotiation\nC1,Li,service,\nC1,Bo,,\n"
    ),
    "commitments": (
        "id,customer,text,made_on,due,by,owner,feasibility_confirmed,fulfilled,"
        "fulfilled_on\n"
        "K1,C1,a second crane,2025-02-01,2025-06-30,Gao,Wu,no,yes,2025-06-30\n"
        "K2,C2,a visit,2025-03-01,,,,,,\n"
    ),
    "issues": (
        "id,customer,text,opened_on,owner,internal,root_cause,executive_response,"
        "cross_department_action,resolved,resolved_on,responded,responded_on\n"
        "I1,C1,late for the third time,2025-04-01,Li,yes,internal-coordination,"
        "coordinate,yes,yes,2025-04-20,yes,2025-04-02\n"
    ),
    "pairings": "customer,executive,since,until\nC1,E1,2025-01-01,2025-12-31\n",
    "plans": (
        "customer,phase,owner,text,goals,valid_from,valid_until,review_on,reviewed_on\n"
        "C1,development,Wu,win the north,share;reference,2025-01-01,2025-12-31,"
        "2025-06-30,2025-07-01\nC1,maintenance,,,,,,,\n"
    ),
    "projects": (
        "id,customer,objective,starts_on,deadline,owner,waiver,waived_by,closed_on\n"
        "P1,C1,win the north,2025-01-01,2025-09-30,Wu,the tender is now,Gao,"
        "2025-09-01\n"
    ),
    "weak_points": "project,id,owner,text\nP1,W1,ours,slow to answer\n",
    "project_tasks": (
        "project,id,text,owner,due,strength,weak_point,done,done_on\n"
        "P1,T1,a desk in the north,Li,2025-05-31,service,W1,yes,2025-05-01\n"
    ),
    "positioning": (
        "customer,customer_strategy,our_position,competitor,written_on\n"
        "C1,ten more cities,first in cold chain,Fast Ox,2025-02-02\n"
    ),
    "actions": (
        "id,customer,person,action,owner,due,done\n"
        "A1,C1,S1,show the plant,Wu,2025-05-05,no\n"
    ),
    "propositions": (
        "id,customer,need,capability,benefit,amount,currency,proof\n"
        "V1,C1,no spoilt goods,cold chain,a tenth less loss,120000,,pilot in May\n"
        "V2,C2,,,,5,USD,\n"
    ),
    "promises": (
        "customer,executive_visits_per_year,visit_level,technical_exchanges_per_year,"
        "first_response_hours,business_hours,weekly_receivables_review,owner,visitor,"
        "since\n"
        "C1,6,executive,4,8,yes,no,Wu,Gao,2025-01-01\nC2,,,,,,,,,\n"
    ),
    "targets": (
        "year,kind,target,actual,month,currency,customer,owner\n"
        "2025,sales-amount,900,850,6,,C1,Wu\n"
        "2025,market-share,0.4,,,,C1,\n"
        "2025,sales-amount,5000,,,CNY,,\n"
    ),
    "executives": (
        "id,name,chief,trained,most_accounts,visits_per_year\n"
        "E1,Gao,yes,no,3,12\nE2,Ma,,,,\n"
    ),
    "readiness": (
        "item,answer,answered_on,by,note\n"
        "goals-beyond-revenue,yes,2025-01-31,Gao,said so in January\n"
        "goals-beyond-revenue,no,2024-01-31,,\n"
    ),
    "industries": "industry,counted_on,targets,served\nretail,2025-12-31,20,7\n",
    "capacities": "owner,kind,per_year\nGao,executive-visit,12\nLi,first-response,\n",
    "knowledge": (
        "id,kind,text,industry,needs,customer,recorded_on\n"
        "N1,experience,count the pallets twice,retail,cold-chain;audit,C1,2025-03-03\n"
    ),
}
"""The text of each, by the name of the table."""
