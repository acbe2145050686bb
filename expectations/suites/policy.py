"""Checks of the policy administration system: products, policies, instalments, claims."""

from __future__ import annotations

from expectations.business_checks import across_tables, contradiction, in_order, not_in_future, once
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
        ),
    },
)
