"""Checks of the policy administration system: products, policies, instalments, claims."""

from __future__ import annotations

from expectations.business_checks import (
    across_tables,
    agrees_with,
    contradiction,
    in_order,
    not_in_future,
    once,
    plausible,
)
from expectations.check import SystemSuite, Text

_ON_SALE = Text(
    "停售后或上市前的签发多为产品编号错误，按产品的投诉与适当性会失真。",
    "A policy issued before launch or after withdrawal mostly has a wrong product, which blurs complaints by product.",
)
_PAID = Text(
    "实收保费按缴费日期与金额计算，两者缺一不可。", "Premium paid is counted by date and amount; it takes both."
)
_INSTALMENT = Text(
    "继续率按保单的期次判定，重复期次会误判。",
    "Persistency is judged by a policy's instalments; one that is there twice misleads it.",
)
_CLAIM_STEPS = Text("理赔时效按各步骤的时间计算。", "Times of claims handling are counted from the steps' times.")
_CLAIM_COVER = Text("生效前报案多为保单编号错误。", "A claim before cover began mostly names the wrong policy.")

_DUE = Text(
    "没有应收的实收多为期次或保单编号错误，继续率与续期保费会失真。",
    "Premium paid where none was due mostly has a wrong instalment or policy, which blurs persistency and renewals.",
)
_DUE_ZERO = Text(
    "没有保费的保单会拉低件均保费与适当性判断。", "A policy without premium lowers means and blurs suitability."
)
_SELLER = Text(
    "入职前或离职后的销售多为工号错误，人员排名会失真。",
    "A sale before the seller came or after they left mostly has a wrong staff number, which blurs rankings.",
)
_CLAIM_AMOUNT = Text("赔付金额进入赔付统计。", "Amounts paid go into the numbers of claims.")

SUITE = SystemSuite(
    system="policy",
    owner="保单数据组 Policy data team",
    checks={
        "products": (in_order("withdrawn_on", "launched_on", "停售不早于上市", "Withdrawn not before launched"),),
        "policies": (
            not_in_future("issued_on", "签发日期不在将来", "Issued on a day that has come"),
            in_order("issued_on", "applied_on", "签发不早于投保", "Issued not before applied for"),
            in_order("effective_on", "issued_on", "生效不早于签发", "Effective not before issued"),
            in_order("status_on", "issued_on", "状态日期不早于签发", "Status not before issued"),
            across_tables(
                "product_on_sale",
                "select policy_id from {rows} where exists (select 1 from checked_rows.policy__products as product "
                "where product.product_id = checked.product_id "
                "and (checked.issued_on < product.launched_on or checked.applied_on > product.withdrawn_on))",
                ("product_id", "issued_on"),
                "签发时产品在售",
                "Issued while the product was on sale",
                why=_ON_SALE,
            ),
            agrees_with(
                "training__staff",
                "seller_employed",
                "checked.applied_on < other.hired_on or checked.applied_on > other.left_on",
                columns=("staff_id", "applied_on"),
                zh="投保时销售人员在职",
                en="The seller was employed at the application",
                key="policy_id",
                why=_SELLER,
            ),
            contradiction(
                "premium_not_zero",
                "annual_premium = 0",
                ("annual_premium",),
                "保费不为零",
                "The premium is not zero",
                why=_DUE_ZERO,
            ),
            plausible("annual_premium", None, 1e8, "年化保费不超过一亿", "The premium is at most 10⁸"),
            plausible("sum_assured", None, 1e10, "保额不超过一百亿", "The sum assured is at most 10¹⁰"),
            plausible("payment_term_years", None, 100, "缴费年期不超过 100 年", "Paid for at most 100 years"),
            plausible("coverage_term_years", None, 106, "保障年期不超过 106 年", "Covered for at most 106 years"),
        ),
        "premiums": (
            not_in_future("paid_on", "缴费日期不在将来", "Paid on a day that has come"),
            contradiction(
                "payment_whole",
                "(paid_on is null) <> (paid_amount is null)",
                ("paid_on", "paid_amount"),
                "缴费日期与金额同时有或同时无",
                "Day and amount of a payment come together",
                why=_PAID,
            ),
            once(
                ("policy_id", "instalment_no"),
                "每张保单每期一行",
                "One row for each instalment of a policy",
                why=_INSTALMENT,
            ),
            contradiction(
                "paid_has_due",
                "paid_amount > 0 and due_amount = 0",
                ("paid_amount", "due_amount"),
                "实收保费有应收",
                "Premium paid was due",
                why=_DUE,
            ),
            contradiction(
                "paid_at_most_due",
                "paid_amount > due_amount * 1.5 and due_amount > 0 or paid_amount < 0",
                ("paid_amount", "due_amount"),
                "实收不超过应收的一倍半，且不为负",
                "Paid at most one and a half times what was due, and not less than nothing",
                why=_DUE,
            ),
            agrees_with(
                "policy__policies",
                "not_due_before_cover",
                "checked.due_on < other.effective_on",
                columns=("policy_id", "due_on"),
                zh="应缴不早于保单生效",
                en="Not due before cover began",
                key="premium_id",
                why=_DUE,
            ),
            agrees_with(
                "policy__policies",
                "single_premium_once",
                "other.payment_mode = 'single' and checked.instalment_no > 1",
                columns=("policy_id", "instalment_no"),
                zh="趸缴保单只有一期",
                en="A single premium has one instalment",
                key="premium_id",
                why=_DUE,
            ),
            agrees_with(
                "policy__policies",
                "due_at_most_annual_premium",
                "checked.due_amount > other.annual_premium * 1.5",
                columns=("policy_id", "due_amount"),
                zh="每期应缴不超过年化保费的一倍半",
                en="An instalment is at most one and a half annual premiums",
                key="premium_id",
                why=_DUE,
            ),
        ),
        "claims": (
            not_in_future("reported_at", "报案时间不在将来", "Reported at a time that has come"),
            in_order(
                "documents_completed_at", "reported_at", "资料齐全不早于报案", "Documents not complete before reported"
            ),
            in_order("first_update_at", "reported_at", "首次通知不早于报案", "First notice not before reported"),
            in_order("last_update_at", "first_update_at", "最近通知不早于首次", "Last notice not before the first"),
            in_order("decided_at", "reported_at", "决定不早于报案", "Decided not before reported"),
            in_order("paid_at", "decided_at", "赔付不早于决定", "Paid not before decided"),
            contradiction(
                "decided_has_time",
                "status in ('approved', 'paid', 'rejected') and decided_at is null",
                ("status", "decided_at"),
                "已决定的理赔有决定时间",
                "A decided claim has the time of its decision",
                why=_CLAIM_STEPS,
            ),
            contradiction(
                "paid_has_time",
                "status = 'paid' and paid_at is null",
                ("status", "paid_at"),
                "已赔付的理赔有赔付时间",
                "A paid claim has the time of its payment",
                why=_CLAIM_STEPS,
            ),
            across_tables(
                "not_before_cover",
                "select claim_id from {rows} where exists (select 1 from checked_rows.policy__policies as policy "
                "where policy.policy_id = checked.policy_id and checked.reported_at < policy.effective_on)",
                ("reported_at",),
                "报案不早于保单生效",
                "Not reported before cover began",
                why=_CLAIM_COVER,
            ),
            contradiction(
                "paid_at_most_claimed",
                "paid_amount > claimed_amount",
                ("paid_amount", "claimed_amount"),
                "赔付不超过索赔金额",
                "Paid at most what was claimed",
                why=_CLAIM_AMOUNT,
            ),
            contradiction(
                "rejected_is_not_paid",
                "status = 'rejected' and (paid_at is not null or paid_amount > 0)",
                ("status", "paid_at", "paid_amount"),
                "拒赔的案件没有赔付",
                "A rejected claim was not paid",
                why=_CLAIM_AMOUNT,
            ),
            plausible("claimed_amount", None, 1e9, "索赔金额不超过十亿", "At most a thousand million claimed"),
            plausible("updates_sent", None, 200, "进度通知不超过 200 次", "At most 200 notices of progress"),
        ),
    },
)
