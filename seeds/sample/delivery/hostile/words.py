"""Chinese headers and values, as the bank's systems export them; they go into the zone's mapping.yml."""

from __future__ import annotations

from pathlib import Path

import yaml

HEADERS: dict[str, dict[str, str]] = {
    "crm.customers": {
        "customer_id": "客户编号",
        "full_name": "客户姓名",
        "gender": "性别",
        "birth_date": "出生日期",
        "mobile": "手机号码",
        "id_number": "身份证号",
        "marital_status": "婚姻",
        "children_count": "子女人数",
        "youngest_child_birth_date": "幼子出生日",
        "occupation": "职业类别",
        "annual_income": "年收入(元)",
        "aum": "金融资产(元)",
        "risk_level": "风险承受等级",
        "risk_assessed_on": "风评日期",
        "branch_id": "开户网点",
        "rm_id": "管户经理",
        "customer_since": "建立关系日",
        "referred_by": "介绍人",
        "preferred_channel": "常用渠道",
        "marketing_consent": "同意营销",
        "updated_at": "最后更新",
        "deleted": "是否删除",
    },
    "policy.policies": {
        "policy_id": "保险单号",
        "customer_id": "投保客户",
        "product_id": "险种代码",
        "staff_id": "销售人员",
        "branch_id": "销售网点",
        "sales_channel": "出单渠道",
        "applied_on": "投保日",
        "issued_on": "签单日",
        "effective_on": "起保日",
        "payment_mode": "交费方式",
        "payment_term_years": "交费期(年)",
        "coverage_term_years": "保障期(年)",
        "annual_premium": "年交保费",
        "sum_assured": "保险金额",
        "status": "保单状态",
        "status_on": "状态生效日",
        "double_recorded": "已双录",
        "updated_at": "最后更新",
        "deleted": "是否删除",
    },
    "policy.premiums": {
        "premium_id": "保费流水",
        "policy_id": "保险单号",
        "instalment_no": "期数",
        "due_on": "应交日",
        "due_amount": "应交金额",
        "paid_on": "实交日",
        "paid_amount": "实交金额",
        "updated_at": "最后更新",
        "deleted": "是否删除",
    },
    "complaint.complaints": {
        "complaint_id": "投诉单号",
        "customer_id": "投诉客户",
        "policy_id": "涉及保单",
        "product_id": "涉及险种",
        "staff_id": "涉及人员",
        "branch_id": "涉及网点",
        "channel": "来源渠道",
        "category": "投诉类别",
        "severity": "严重度",
        "received_at": "受理时刻",
        "acknowledged_at": "首响时刻",
        "resolved_at": "办结时刻",
        "closed_at": "结案时刻",
        "outcome": "认定结果",
        "compensation": "补偿额",
        "regulator_referred": "监管转办",
        "description": "投诉内容",
        "updated_at": "最后更新",
        "deleted": "是否删除",
    },
    "training.staff": {
        "staff_id": "工号",
        "full_name": "员工姓名",
        "branch_id": "所在网点",
        "role": "岗位名称",
        "hired_on": "入职日",
        "confirmed_on": "转正日",
        "left_on": "离职日",
        "supervisor_id": "直属主管",
        "updated_at": "最后更新",
        "deleted": "是否删除",
    },
}
_CHANNELS = {
    "branch": "柜面",
    "app": "手机银行",
    "wechat": "微信",
    "web": "网上银行",
    "call_centre": "客服中心",
    "phone": "电话",
}
VALUES: dict[str, dict[str, dict[str, str]]] = {
    "crm.customers": {
        "gender": {"F": "女", "M": "男", "U": "未说明"},
        "marital_status": {
            "single": "未婚",
            "married": "已婚",
            "divorced": "离婚",
            "widowed": "丧偶",
            "unknown": "不详",
        },
        "occupation": {
            "salaried": "受薪",
            "business_owner": "企业主",
            "professional": "专业人士",
            "retired": "退休",
            "student": "在校学生",
            "homemaker": "料理家务",
            "other": "其他",
        },
        "risk_level": {"C1": "保守型", "C2": "稳健型", "C3": "平衡型", "C4": "成长型", "C5": "进取型"},
        "preferred_channel": {**_CHANNELS, "email": "邮件", "sms": "短信", "chatbot": "智能客服"},
    },
    "policy.policies": {
        "sales_channel": _CHANNELS,
        "payment_mode": {"single": "趸交", "monthly": "月交", "quarterly": "季交", "annual": "年交"},
        "status": {
            "in_force": "有效",
            "lapsed": "失效",
            "surrendered": "退保",
            "free_look_cancelled": "犹豫期退保",
            "matured": "满期",
            "terminated": "终止",
        },
    },
    "complaint.complaints": {
        "channel": {
            "branch": "柜面",
            "hotline": "热线电话",
            "app": "手机银行",
            "wechat": "微信",
            "web": "网上银行",
            "email": "邮件",
            "letter": "来信",
            "regulator": "监管部门",
            "media": "媒体",
        },
        "category": {
            "mis_selling": "销售误导",
            "information_disclosure": "信息披露",
            "suitability": "适当性",
            "claims_delay": "理赔时效",
            "claims_decision": "理赔结论",
            "policy_service": "保全服务",
            "surrender_dispute": "退保纠纷",
            "staff_conduct": "服务态度",
            "system_fault": "系统故障",
            "other": "其他",
        },
        "outcome": {"upheld": "属实", "partly_upheld": "部分属实", "not_upheld": "不属实", "withdrawn": "撤回"},
    },
    "training.staff": {
        "role": {
            "relationship_manager": "客户经理",
            "wealth_advisor": "财富顾问",
            "teller": "柜员",
            "team_lead": "团队主管",
            "other": "其他岗",
        },
    },
}
TRUE_WORDS = ("true", "T", "1", "Y", "yes", "是", "TRUE")
FALSE_WORDS = ("false", "F", "0", "N", "No", "否", "FALSE")


def write_mapping(path: Path) -> None:
    """The bank's mapping file: alias → name for the headers and values above."""
    document = {
        table: {
            "columns": {alias: name for name, alias in headers.items()},
            "values": {
                column: {alias: value for value, alias in aliases.items()}
                for column, aliases in VALUES.get(table, {}).items()
            },
        }
        for table, headers in HEADERS.items()
    }
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
