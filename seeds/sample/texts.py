"""Chinese texts as customers and staff write them, by topic and tone.

Each pool is every combination of a template and its fillers, so a draw is one position in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa

from seeds.sample.columns import NONE, chosen
from seeds.sample.randomness import Bools, Ints
from seeds.sample.shelf import CATEGORY_ZH

WHO = ("客户经理", "理财经理", "大堂经理", "电话客服")
TIME = ("三天", "一周", "半个月", "一个多月")
WHERE = ("网点", "手机银行", "微信公众号", "客服热线")

COMPLAINTS: dict[str, tuple[str, ...]] = {
    "mis_selling": (
        "{who}推荐{product}时说稳赚不赔，现在退保要亏好几千，感觉被误导。",
        "我要存定期，{who}却给我办成了{product}，事先没有讲明这是保险。",
        "当初承诺的收益和{product}合同里写的完全不一样，要求给个说法。",
    ),
    "information_disclosure": (
        "{product}的扣费项目没有逐条说明，看到账单才知道。",
        "{product}条款里的免责内容没有人给我讲过，要求提供录音录像。",
        "{product}的现金价值表{who}一直没有给我看，等了{time}也没有回复。",
    ),
    "suitability": (
        "我是保守型客户，{who}还是卖给我{product}，风险太高了。",
        "风险测评是{who}代填的，{product}根本不适合我父母。",
        "{product}净值跌了很多，当时没人问过我能不能承受。",
    ),
    "claims_delay": (
        "{product}理赔材料交了{time}，一点进展都不通知。",
        "理赔报案{time}了，每次打电话都让我再等等。",
        "{where}说资料不全要重新交，{product}理赔拖了{time}。",
    ),
    "claims_decision": (
        "{product}拒赔理由说不清楚，要求书面解释。",
        "{product}只赔了一部分，和{who}当时讲的不一样。",
        "认为{product}理赔结论不合理，申请复核。",
    ),
    "policy_service": (
        "在{where}办{product}的地址变更跑了两趟，拖了{time}还没办好。",
        "{product}续期扣款失败没有人提醒，保单差点失效。",
        "要补发{product}保单，等了{time}没有消息。",
    ),
    "surrender_dispute": (
        "{product}退保金额和{who}说的差很多，不接受。",
        "犹豫期内申请{product}退保，{where}以各种理由拖延。",
        "{product}退保{time}了钱还没到账。",
    ),
    "staff_conduct": (
        "{who}态度生硬，问{product}的问题很不耐烦。",
        "{who}未经同意多次打电话推销{product}。",
        "{who}离职后没人接手，我的{product}没有人管。",
    ),
    "system_fault": (
        "手机银行一直闪退，{product}续期交不了。",
        "{where}显示的{product}账户价值不对，反映{time}没有修复。",
        "{product}电子保单下载不了，系统总是报错。",
    ),
    "other": (
        "{where}排队太久，只是咨询{product}也要取号。",
        "希望{product}的短信通知少一点，退订没有用。",
        '来信投诉:\n1. {product}说是"稳赚不赔", 实际亏损;\n2. {who}不回电话, 已等{time}。',
    ),
}
NEEDS: dict[str, tuple[str, ...]] = {
    "product_explanation": (
        "希望有人把{product}的交费期和领取时间讲清楚。",
        "想要一张{product}和定期存款的对比表。",
        "{product}条款太专业，看不懂，希望有通俗版。",
    ),
    "information_transparency": (
        "希望每年主动告知{product}的费用和账户价值。",
        "想随时在{where}查到{product}的现金价值。",
        "{product}收益变化没有通知，希望提前告知。",
    ),
    "suitability": (
        "重新做风险测评，看看{product}是否还适合我。",
        "父母年纪大了，希望推荐比{product}更稳健的产品。",
        "觉得{product}风险偏高，想了解调整方案。",
    ),
    "coverage_gap": (
        "家里有两个孩子，想补充教育金和{product}。",
        "目前只有{product}，想了解家庭保障还缺什么。",
        "公司员工的保障和{product}能不能一起规划。",
    ),
    "claims_service": (
        "{product}理赔进度希望主动短信通知。",
        "理赔材料清单不清楚，希望{where}能一次说完。",
        "理赔{time}没有消息，希望有专人跟进。",
    ),
    "policy_service": (
        "想在{where}直接办{product}的受益人变更。",
        "{product}续期提醒希望提前{time}。",
        "{product}保单遗失，希望线上补发。",
    ),
    "pricing": (
        "{product}保费涨得有点多，希望说明原因。",
        "老客户续保{product}能不能有优惠。",
        "别家的{product}更便宜，希望比较一下。",
    ),
    "digital_experience": (
        "手机银行找不到{product}的续期入口。",
        "上传理赔照片总失败，试了{time}。",
        "希望{where}支持大字版，父母看不清。",
    ),
    "staff_conduct": (
        "{who}回复太慢，等了{time}。",
        "希望换一位{who}跟进我的{product}。",
        "{who}很专业，但每次都要我重复说明情况。",
    ),
    "other": ("想参加客户讲座，了解{product}和养老规划。", "希望{where}周末也能办理业务。"),
}
PRAISE = (
    "{who}非常耐心，把{product}讲得很清楚，非常满意。",
    "{where}办理{product}很顺利，效率很高，点赞。",
    "问题当天就解决了，{who}还主动回访，感谢。",
    "{product}理赔很快，{time}不到就到账，很放心。",
    "{who}会先问我的需求再推荐，没有强推，值得信任。",
)
NEUTRAL = (
    "{product}还可以，没有特别的感受。",
    "{where}流程正常，希望再快一点。",
    "了解了{product}的交费方式，再考虑一下。",
    "{who}说明了情况，等结果。",
)
GRUMBLE = (
    "{who}说得含糊，{product}到底怎么扣费没讲明白，不满意。",
    "等了{time}没人回复，体验很差。",
    "{where}让我跑了几次，问题还是没有解决，失望。",
    "{product}和当初说的不一样，不会再推荐给别人。",
    "每次都要把情况从头讲一遍，太麻烦了。",
)
CONTACT_NOTES = (
    "咨询{product}的交费期和领取时间，{who}已答复。",
    "办理{product}信息变更，资料已收齐。",
    "客户询问{product}收益，约好{time}后再联系。",
    "回访客户，对{product}服务表示认可。",
    "客户对{product}扣费有疑问，已转后台核实。",
    "{where}引导客户完成{product}续期设置。",
)
EVENT_NOTES = (
    "已联系客户核实情况。",
    "转{who}跟进。",
    "已向客户说明{product}条款，客户表示理解。",
    "补充资料后重新提交。",
    "系统已修复，请客户重试。",
    "客户要求{time}内给答复。",
)


@cache
def pool(templates: tuple[str, ...]) -> tuple[str, ...]:
    """All texts of these templates."""
    texts = []
    for template in templates:
        fillers = [
            values if f"{{{name}}}" in template else ("",)
            for name, values in (("who", WHO), ("product", CATEGORY_ZH), ("time", TIME), ("where", WHERE))
        ]
        texts += [template.format(who=w, product=p, time=t, where=h) for w, p, t, h in product(*fillers)]
    return tuple(dict.fromkeys(texts))


@cache
def _joined(names: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], Ints, Ints]:
    pools = [pool(templates) for templates in names]
    sizes = np.asarray([len(texts) for texts in pools])
    return tuple(text for texts in pools for text in texts), np.cumsum(sizes) - sizes, sizes


def write_about(
    rng: np.random.Generator, templates: Sequence[tuple[str, ...]], subject: Ints, written: Bools | None = None
) -> pa.Array:
    """A text from the pool that `subject` points to; null where nothing was written."""
    texts, starts, sizes = _joined(tuple(templates))
    position = starts[subject] + (rng.random(len(subject)) * sizes[subject]).astype(np.int64)
    return chosen(texts, position if written is None else np.where(written, position, NONE))
