//! Text of the page.

use super::pick;
use crate::format::Lang;
use crate::model::{Dim, Status};

macro_rules! texts {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        #[expect(missing_docs, reason = "each says what it is beside its name, in two languages")]
        #[expect(non_upper_case_globals, reason = "texts are told apart from other constants")]
        impl T {
            $(pub const $name: Self = Self(&[$zh, $en]);)*

            /// All.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

/// A text of the page, in Chinese and English. Each is data of its own, no row of a table: it comes with the
/// screens that show it.
#[derive(Clone, Copy, Debug)]
pub struct T(&'static [&'static str; 2]);

impl T {
    /// The text in `lang`.
    pub const fn of(self, lang: Lang) -> &'static str {
        let [zh, en] = self.0;
        pick(lang, zh, en)
    }
}

texts! {
    Demo: "演示数据", "Demo data";
    DemoHint: "拖入订单和库存文件，换成你的店", "Drop your order and stock files to see your own shop";
    ChooseFiles: "选择文件", "Choose files";
    ImportReport: "导入报告", "Import report";
    DataCheck: "数据体检", "Data check";
    DataCheckNote: "所有文件放在一起看", "All files looked at together";
    DataCheckFine: "没有发现问题。", "Nothing odd was found.";
    DataCheckPassed: "{0} 项通过", "{0} checks passed";
    DownloadFindings: "下载全部明细", "Download all cases";
    Settings: "设置", "Settings";
    Language: "语言", "Language";
    Theme: "外观", "Appearance";
    Dark: "深色", "Dark";
    Light: "浅色", "Light";
    TimeZone: "店铺时区", "Shop time zone";
    DayStarts: "营业日开始", "Business day begins";
    DayStartsHint: "此前的订单计入前一天；只有日期的数据按其日期计", "Orders before it count to the day before; data with dates only keeps its dates";
    TimeZoneHint: "按此时区切日，无时区的时间按此读取；已导入的文件重新拖入后按新时区读取", "Days are cut in this zone and times without a zone are read in it; files already read follow when dropped again";
    DefaultCurrency: "默认币种", "Default currency";
    DefaultCurrencyHint: "用于没写币种的文件；留空为未知。币种之间从不相加", "For files that name none; empty: unknown. Currencies are never added up";
    Close: "关闭", "Close";
    Reload: "重新载入", "Reload";
    Loading: "正在载入", "Loading";
    ScreenMissing: "这部分页面没有载入", "This part of the page did not load";
    ScreenMissingHint: "可能断网了，或网站刚更新过。驾驶舱和数据不受影响；重试仍不行，就重新载入页面", "You may be offline, or the site has just been updated. The cockpit and its data go on; if trying again does not help, reload the page";
    Retry: "重试", "Retry";
    Clear: "清除", "Clear";
    ClearAll: "清除筛选", "Clear filters";
    EscHint: "Esc 清除", "Esc clears";
    AddFilter: "筛选", "Filter";
    Search: "搜索", "Search";
    Is: "是", "is";
    IsNot: "不是", "is not";
    FlipHint: "点击切换“是/不是”", "Click switches is / is not";
    Time: "时间", "Time";
    AllTime: "全部", "All";
    Always: "全部时间", "in all";
    LastDay: "最近一天", "Last day";
    Today: "今天", "Today";
    Last7: "近 7 天", "Last 7 days";
    Last30: "近 30 天", "Last 30 days";
    Currency: "币种", "Currency";
    UnknownCurrency: "未知币种", "unknown currency";
    SellsLabel: "卖什么", "What sells";
    StockLabel: "库存会怎样", "What it does to stock";
    ActLabel: "现在做什么", "What to do now";
    SalesOverTime: "销售走势", "Sales over time";
    TopSkus: "热销 SKU", "Best-selling SKUs";
    RunOut: "断货清单", "Run-out list";
    RunOutNote: "按近 {0} 天日均销量", "at the pace of the last {0} days";
    ByWarehouse: "各仓可售天数", "Days of cover by warehouse";
    StockByWarehouse: "各仓可售件数", "Sellable units by warehouse";
    Overstock: "积压", "Overstock";
    OverstockNote: "{0} 个 SKU · {1} 件，可售超过 180 天或无销量", "{0} SKUs · {1} units, over 180 days or no sales";
    DataPanel: "数据", "Data";
    DataNote: "只在这台设备的浏览器里", "only in this browser";
    Alerts: "告警", "Alerts";
    AlertsNote: "严重 {0} · 警告 {1} · 提示 {2}", "P1 {0} · P2 {1} · P3 {2}";
    AlertsRisk: "共在险 {0}", "{0} at risk";
    AlertsMissed: "离开期间新增 {0}、结束 {1}", "while closed: {0} new, {1} over";
    AlertsCalm: "没有要处理的事", "Nothing to act on";
    AlertsCalmHint: "断货、超卖、爆单、超时与退款突增出现时会在这里。", "Run-outs, oversold goods, bursts, late orders and refund surges appear here.";
    AlertsNoData: "还没有数据", "No data yet";
    AlertOf: "{0} 个 SKU，最急的是 {1}", "{0} SKUs, first of all {1}";
    AlertAllPlaces: "全仓", "All warehouses";
    AlertTake: "我来处理", "Take it on";
    AlertTaken: "{0} 处理中", "{0} is on it";
    AlertMe: "本机", "This device";
    AlertFlapping: "反复波动", "Comes and goes";
    StageSince: "{0}触发", "fired {0}";
    StageRisk: "在险 {0}", "{0} at risk";
    StagePlaces: "哪里有货", "Where there is stock";
    StageGoods: "哪些商品", "Which goods";
    StageSeen: "现在与平时", "Now and as a rule";
    StageNow: "现在", "Now";
    StageUsual: "平时", "As a rule";
    StageCost: "成本", "Cost";
    StageOptions: "怎么办", "What to do";
    StageOnly: "只看这个商品", "Filter by these goods";
    StageBack: "收起", "Back to the list";
    AlertSilence: "静默", "Silence";
    AlertSilent: "静默中", "Silent";
    Rules: "预警规则", "Alert rules";
    RulesShort: "规则", "Rules";
    RulesHint: "规则看所有数据，不受筛选影响。改动立即生效，保存在这个浏览器里；正在成立的预警按新规则继续。", "Rules look at all rows, whatever is filtered. A change holds at once and is kept in this browser; what stands goes on by the new rules.";
    RulesWrong: "第 {0} 行第 {1} 字，规则没有改变：", "Line {0}, character {1}; nothing has changed:";
    RulesBack: "撤销上次改动", "Undo last change";
    RulesDefault: "恢复默认", "Back to defaults";
    RulesImport: "导入规则文件", "Import a file";
    RulesExport: "导出为文件", "Export as a file";
    RuleAdd: "新规则", "New rule";
    RuleOn: "启用", "On";
    RuleEdit: "编辑", "Edit";
    RuleCopy: "复制", "Duplicate";
    RuleRemove: "删除", "Remove";
    RuleId: "名称（不含空格）", "Name (without blanks)";
    RuleWhen: "触发条件", "Fires when";
    RuleMetric: "指标", "Metric";
    RuleSign: "比较", "Comparison";
    RuleBound: "界线", "Bound";
    RuleMore: "并且（可空）", "and also (may be empty)";
    RuleFires: "条件", "Condition";
    RuleAsText: "写成表达式", "Write it as an expression";
    RuleAsForm: "用表单填写", "Fill in a form";
    RuleClears: "恢复界线（空：自动留余量）", "Over at (empty: a margin by itself)";
    RuleHold: "持续多久才触发", "Holds for, before it fires";
    RuleKeep: "平稳多久才结束", "Clear for, before it ends";
    RuleSeverity: "级别", "Severity";
    RuleGrave: "何时升为 P1", "P1 if";
    RuleMutes: "抑制这些规则", "Mutes these rules";
    RuleSave: "保存", "Save";
    RuleCancel: "取消", "Cancel";
    Silences: "静默中", "Silent now";
    SilenceHint: "静默期间仍显示在列表里，只是不推送、不出声、不占舞台。", "It stays in the list; it is not pushed, makes no sound and does not take the stage.";
    SilenceUntil: "到 {0}", "until {0}";
    SilenceOver: "到恢复为止，最晚 {0}", "until it is over, {0} at the latest";
    SilenceEnd: "结束静默", "End silence";
    TrialTitle: "如果一直用这条规则", "Had this rule been in force";
    TrialBound: "界线：{0}（{1}），可拖动或用方向键调整", "Bound: {0} ({1}); drag it or use the arrow keys";
    TrialFrom: "触发", "Fired";
    TrialTo: "结束", "Over";
    TrialWhat: "对象", "Of what";
    TrialStands: "仍在", "still stands";
    TrialWrong: "规则写对后会在历史上试算。", "Once the rule is right it is tried on what was.";
    TrialNever: "一次也不会触发", "It would never have fired";
    TrialFired: "会触发 {0} 次，合计 {1}", "It would have fired {0} times, {1} in all";
    TrialFiredOf: "会触发 {0} 次，涉及 {1} 个，有告警的时间合计 {2}", "It would have fired {0} times, of {1} things, {2} with any of them";
    TrialAgain: "，其中 {0} 次在结束后一天内反复", ", {0} of them within a day after the last";
    TrialNoRunOut: "期间没有见到断货", "Nothing was seen to run out";
    TrialCaught: "见到 {0} 次断货，事先发现 {1}，漏掉 {2}", "{0} run-outs were seen: {1} told before, {2} missed";
    TrialLead: "提前 {0}", "{0} before";
    TrialMissed: "漏掉", "missed";
    Stop: "。", ". ";
    StageNext: "另有 {0} 条 P1，看下一条", "{0} more P1: next";
    ProofStock: "可售，按订单倒推", "Sellable, reckoned back from orders";
    ProofOrders: "每时段订单", "Orders by period";
    ProofPrice: "实际成交单价", "Price a unit sold for";
    ProofWaiting: "按付款日：仍未发货的订单", "By day of payment: orders still not shipped";
    ProofPaid: "已付款", "paid";
    ProofRefunds: "按付款日：发生退款的订单", "By day of payment: orders refunded";
    ProofBound: "零线", "zero";
    Loud: "通知", "Notifications";
    LoudAloud: "怎么提醒", "How to tell";
    LoudSound: "声音", "Sound";
    LoudSoundOff: "关", "Off";
    LoudSoundReady: "开：严重程度不同，声音不同", "On; each severity has its own";
    LoudSoundWaiting: "已开，但浏览器要等你在页面上点一下才放行", "On, but the browser waits for your first click on the page";
    LoudSoundMissing: "这个浏览器不能发声", "This browser makes no sounds";
    LoudSpeech: "朗读一句话", "Speak a sentence";
    LoudSpeechHint: "按页面语言；同时来多条只说一句", "In the language of the page; a burst is one sentence";
    LoudSpeechMissing: "这个浏览器不能朗读", "This browser does not speak";
    LoudNotify: "浏览器通知", "Browser notification";
    LoudNotifyMissing: "这个浏览器或地址不能通知（需要 HTTPS）", "Not in this browser, or not at this address (HTTPS is needed)";
    LoudNotifyUnasked: "打开时浏览器会问你一次", "The browser asks you once when you switch it on";
    LoudNotifyDenied: "你在浏览器里拒绝过：请在网站设置里改", "Refused in the browser: change that in its site settings";
    LoudNotifyGranted: "已允许；演示数据不通知", "Allowed; demo data does not notify";
    LoudLeast: "哪些级别", "Severities";
    LoudQuiet: "安静时段", "Quiet hours";
    LoudQuietHint: "按这台设备的时钟。安静时段里不出声、不通知；推送地址照发，错过的在下次打开时汇总", "By the clock of this device. No sound and no notification in these hours; the webhook goes on, and a digest tells what was missed";
    LoudBreaks: "P1 例外，照样提醒", "P1 breaks through";
    LoudTry: "试一下", "Try it";
    LoudSample: "P1 超卖，试听", "P1 oversold, a test";
    LoudSampleGoods: "试发", "A test";
    LoudMany: "{0} 条告警，最急：{1}", "{0} alerts, worst: {1}";
    Hook: "推送到你的地址（webhook）", "Send incidents to an address (webhook)";
    HookHint: "每条告警一个 JSON，由浏览器直接 POST。对方必须允许跨域（CORS：回应 OPTIONS，带 Access-Control-Allow-Origin 和 -Headers: content-type, authorization），很多聊天机器人地址不允许；那就在中间放一个转发。", "One JSON object for each incident, sent by this browser itself. The receiver has to allow cross-origin calls (CORS: answer OPTIONS with Access-Control-Allow-Origin and -Headers: content-type, authorization). Many chat services do not: put a relay between.";
    HookAddress: "地址（https://…，或本机 http://localhost）", "Address (https://…, or http://localhost)";
    HookToken: "Authorization（可不填）", "Authorization (may be empty)";
    HookWrong: "只能是 https:// 的地址，或本机的 http://localhost", "Only https:// addresses, or http://localhost";
    HookSave: "保存", "Save";
    HookTry: "发一条试试", "Send a test";
    HookUnderWay: "正在发送", "Being sent";
    HookTaken: "对方已收下", "The receiver took it";
    HookAgain: "没有送到，会再试：{0}", "Not delivered, tried again: {0}";
    HookFailed: "没有送到，已放弃：{0}", "Not delivered, given up: {0}";
    HookStale: "{0} 条一天内没有送到，已丢弃", "{0} were not delivered within a day, and are dropped";
    HookUnreachable: "没有回答，或对方不允许网页跨域调用（CORS），浏览器不说是哪一种", "No answer, or the receiver does not allow cross-origin calls (CORS); a browser does not tell which";
    Past: "历史", "History";
    PastHint: "这台设备上看到的告警，最近 200 条；重新打开页面后仍在。", "Alerts seen on this device, the last 200; they stay over a reload.";
    PastNone: "还没有过告警。演示数据的告警不记。", "There have been none yet. Those of demo data are not remembered.";
    PastFrom: "开始", "From";
    PastTo: "结束", "To";
    PastStands: "还在", "still on";
    PastWorst: "最坏", "Worst";
    PastRisk: "在险", "At risk";
    PastOwner: "谁处理", "Owner";
    Digest: "自 {0} 以来：{1}", "Since {0}: {1}";
    DigestFired: "{0} 条告警（{1} 条还在）", "{0} alerts fired ({1} still firing)";
    DigestEnded: "{0} 条旧告警结束", "{0} earlier ones over";
    DigestLines: "新增 {0} 行订单", "{0} new order lines";
    AlertSentence: "{0} 件急事，在险 {1}", "{0} urgent, {1} at risk";
    AlertSentenceOnly: "{0} 件急事要处理", "{0} urgent to act on";
    Gmv: "金额", "Amount";
    Units: "件数", "Units";
    Orders: "订单", "Orders";
    Auto: "自动", "Auto";
    Minute: "分", "min";
    TenMinutes: "10 分", "10 min";
    Hour: "时", "Hour";
    Day: "日", "Day";
    Week: "周", "Week";
    Month: "月", "Month";
    PerBucket: "每{0}", "per {0}";
    Brush: "拖动选择时间段", "Drag to choose a range";
    VsLastWeek: "较上周同时刻", "vs same time last week";
    VsPrevious: "较上一周期", "vs previous period";
    VsSeven: "近 7 天较前 7 天", "last 7 days vs 7 before";
    LastWeek: "上周", "last week";
    Previous: "上期", "before";
    SevenBefore: "前 7 天", "7 days before";
    Sku: "SKU", "SKU";
    Goods: "商品", "Title";
    UnitsShort: "件", "units";
    Covers: "够卖", "Lasts";
    Available: "可售", "Sellable";
    PerDay: "日均", "Per day";
    DaysLeft: "还能卖", "Runs out in";
    Inbound: "在途", "Inbound";
    Oversold: "超卖 {0}", "oversold {0}";
    Out: "已断货", "out";
    OutShort: "断货", "out";
    OversoldShort: "超卖", "over";
    AxisNow: "现在", "now";
    AxisEnd: "数据末", "end";
    AxisTomorrow: "明天", "tomorrow";
    Comma: "，", "; ";
    ListComma: "、", ", ";
    NoDemand: "无销量", "no sales";
    Others: "其余 {0} 项", "{0} others";
    NotSaid: "未填写", "not given";
    Share: "占比", "share";
    NoStock: "还没有库存数据", "No stock data yet";
    NoStockHint: "拖入库存文件后，这里显示哪些 SKU 会断货", "Drop a stock file to see which SKUs run out";
    ChooseStock: "选择库存文件", "Choose a stock file";
    NoOrders: "还没有订单数据", "No order data yet";
    NoOrdersHint: "拖入订单文件后，这里显示什么在卖", "Drop an order file to see what sells";
    NoneYet: "暂无数据：数量为零", "None yet: the count is zero";
    NoneYetHint: "数据源正常，到现在一条也没有", "The source is connected and well; there have been none so far";
    Unheard: "没有数据：不知道有没有", "No data: nobody knows whether there are any";
    UnheardHint: "数据源还没有说过话，这不等于没有订单。请看“自动来源”", "Nothing has been heard of the source, which does not mean that there are none. See the automatic sources";
    Live: "实时", "live";
    LateSilent: "{0}：没有消息了，平时{1}一次", "{0}: silent, usually heard {1}";
    LateWhy: "{0}：{1}", "{0}: {1}";
    NoMatch: "这些条件下没有订单", "No order matches these filters";
    NothingRunsOut: "没有断货，也没有 SKU 在 7 天内见底", "Nothing is out, and nothing runs out within 7 days";
    NoVelocity: "没有带 SKU 的销量，算不出能卖几天", "No sales by SKU, so no days of cover";
    NoOverstock: "没有积压", "No overstock";
    NoSku: "订单文件没有 SKU 列", "The order file has no SKU column";
    NoDimension: "订单里没有{0}", "Orders do not say the {0}";
    SentenceSells: "{0} {1} 单", "{1} orders {0}";
    SentenceBest: "{0} 卖得最好", "best: {0}";
    SentenceOut: "{0} 个在卖的 SKU 已断货", "{0} selling SKUs are out";
    SentenceCritical: "{0} 个 3 天内见底", "{0} run out within 3 days";
    SentenceFirst: "最早 {0}，还能卖 {1}", "next {0} in {1}";
    SentenceFine: "没有 SKU 在 3 天内见底", "no SKU runs out within 3 days";
    SentenceUnshipped: "{0} 单已付款未发货，最早在 {1}", "{0} paid orders unshipped, the oldest {1}";
    SentenceLost: "断货每天约少卖 {0}", "stock-outs cost about {0} a day";
    SentenceNothing: "没有断货，没有待发货", "Nothing is out and nothing waits to be shipped";
    SentenceDrop: "拖入文件开始", "Drop files to begin";
    OutWithDemand: "{0} 个在卖", "{0} of them selling";
    OfSkus: "/ {0}", "/ {0}";
    Immature: "未成熟", "early";
    MoneyUnknown: "文件里没有金额", "no amount in the files";
    Definition: "口径", "Definition";
    NotDefined: "当前数据算不出这个数", "The data does not define this number";
    DropHere: "松开，导入 {0} 个文件", "Release to import {0} files";
    DropHereOne: "松开，导入文件", "Release to import";
    DropPlatforms: "天猫 · 抖音 · 京东 · 拼多多 · 聚水潭 · Shopify · Amazon …", "Amazon · Shopify · Tmall · Douyin · JD · WooCommerce …";
    DropFormats: "CSV、TSV、XLSX、XLS、ODS、JSON 或 ZIP，任何编码；订单和库存一起拖", "CSV, TSV, XLSX, XLS, ODS, JSON or ZIP in any encoding; orders and stock together";
    DropPrivacy: "数据不离开这台设备 · 无账号 · 无上传 · 演示数据随即移除", "Data stays on this device · no account · no upload · demo data goes away";
    EnterCockpit: "进入驾驶舱", "Open the cockpit";
    BackToCockpit: "返回驾驶舱", "Back to the cockpit";
    AddMore: "+ 再拖入文件", "+ Drop more files";
    SameFileHint: "同一文件再次拖入不会重复计数：按来源账号 + 订单号 + 行识别，后到的版本覆盖先到的。", "Dropping a file twice counts nothing twice: lines are known by source, order and line; a later version replaces the earlier one.";
    History: "导入历史", "Import history";
    Undo: "撤销", "Undo";
    Redo: "重做", "Redo";
    StepUndone: " · 已撤销", " · undone";
    DeviceOnly: "数据只在这台设备的浏览器里", "Data stays in this browser";
    Accepted: "接收", "Accepted";
    Duplicate: "重复，已合并", "Duplicate, merged";
    Refused: "拒收", "Refused";
    RecognisedAs: "识别为", "Recognised as";
    Generic: "通用表格", "Generic table";
    ColumnsToFields: "列 → 字段", "Columns → fields";
    ColumnsUsed: "{0} 列已用 · {1} 列未用 · {2} 列个人信息不导入", "{0} used · {1} unused · {2} personal, dropped";
    ColumnInFile: "文件里的列", "Column";
    Example: "例", "Example";
    Field: "字段", "Field";
    NotImported: "不导入", "dropped";
    Unused: "未使用", "unused";
    PersonalData: "个人信息", "personal data";
    RefusedRows: "拒收 {0} 行", "{0} rows refused";
    RefusedByReason: "按原因", "by reason";
    NoneRefused: "没有拒收的行", "No row was refused";
    Rows: "行数", "Rows";
    Line: "行号", "Line";
    Column: "列", "Column";
    Value: "原值", "Value";
    Reason: "原因", "Reason";
    EmptyValue: "（空）", "(empty)";
    DownloadRefused: "下载拒收行（含行号与原因）", "Download refused rows (with line and reason)";
    GoodToKnow: "说明", "Good to know";
    NothingToSay: "没有需要说明的", "Nothing to add";
    Reading: "读取中", "Reading";
    ReadingRows: "{0} 行 · {1}", "{0} rows · {1}";
    Cancel: "取消", "Cancel";
    FilesSummary: "{0} 个文件 · 接收 {1} 行，拒收 {2} 行", "{0} files · {1} rows accepted, {2} refused";
    NoFilesYet: "还没有导入文件", "No file has been imported yet";
    DemoRemoved: "演示数据已移除", "Demo data removed";
    EngineFailed: "计算引擎停止了", "The engine stopped";
    EngineFailedHint: "重新载入即可：已保存的数据会恢复，没读完的文件需要再拖入。", "Reload: what was kept comes back; files that were still being read have to be dropped again.";
    KeptTitle: "本机保存", "Kept on this device";
    KeptLost: "保存的数据有损坏，这些文件的行没有恢复，请重新拖入：{0}", "Kept rows were found damaged and left out. Drop these files again: {0}";
    KeptLostAll: "保存的数据已损坏，没有恢复；请重新拖入文件", "What was kept was found damaged, and none of it is here: drop your files again";
    KeptFiles: "{0} 个文件，{1}", "{0} files, {1}";
    KeptRoom: "这个地址在浏览器里的空间：已用 {0}，上限 {1}", "Space of this address in the browser: {0} of {1} used";
    KeptSafe: "浏览器承诺不会自行清理", "The browser promised not to clear it by itself";
    KeptUnsafe: "空间紧张时浏览器可能自行清理，请保留原文件", "The browser may clear it when space runs short: keep your files";
    Forget: "全部删除", "Forget everything";
    ForgetQuestion: "删除所有导入和保存的数据以及设置？你的文件不受影响。", "Remove all rows and settings, in memory and in this browser? Your files are not touched.";
    ForgetYes: "全部删除", "Forget everything";
    ForgetNo: "不删除", "Keep it";
    Starting: "正在启动", "Starting";
    Sources: "来源", "Sources";
    FeedsTitle: "自动来源", "Automatic sources";
    FeedsHint: "按间隔读取你写下的地址或文件夹。本页只请求你列出的地址，不经过任何第三方；重复读取不会重复计数。", "Addresses and folders that are read again and again. The page asks the addresses that you name here and no other; reading something twice counts nothing twice.";
    FeedAddAddress: "添加地址", "Add an address";
    FeedAddress: "地址（https://：文件；wss://、sse+https://、mqtt+wss://：实时）", "Address (https:// for files; wss://, sse+https:// and mqtt+wss:// stay connected)";
    FeedTopic: "MQTT 主题（+ 一层，# 余下全部；如 shop/+/orders）", "MQTT topic (+ for any one level, # for all that follow, such as shop/+/orders)";
    FeedClient: "客户端 ID（留空：由本页取一个）", "Client id (empty: the page makes one up)";
    FeedKept: "断开期间的消息由代理保留，重连后补上（QoS 1）；不勾选则只听此后的（QoS 0）", "The broker keeps what comes while the page is away (QoS 1); else only what comes from now on is heard (QoS 0)";
    FeedLive: "实时连接", "live";
    FeedRowsAt: "{0} 行，最近一行 {1}", "{0} rows, the last {1}";
    FeedNoRows: "还没有订单或库存", "no orders or stock yet";
    FeedRefused: "{0} 行或消息没能读懂", "{0} rows or messages could not be read";
    FeedCaughtUp: "重连后补上 {0} 行（断开 {1} 秒）", "caught up {0} rows after {1} s without a connection";
    FeedCoarse: "来得快，每 {0} 秒更新一次", "coming fast: shown every {0} s";
    FeedConnect: "现在重连", "Connect now";
    FeedOffer: "这个网页地址里带了一个数据来源。连接到别的服务器之前先问你：", "The address of this page names a source. Before it connects to another server it asks you:";
    FeedAllow: "允许连接", "Connect";
    FeedDeny: "不连接", "Do not connect";
    FeedMinutes: "每几分钟（0 = 一次）", "Minutes between looks (0: once)";
    FeedHeader: "请求头", "Request header";
    FeedToken: "令牌（如 Bearer …；MQTT：用户名:密码）", "Token (such as Bearer …; of MQTT, user:password)";
    FeedRemember: "在这台设备上记住令牌；否则每次打开都要输入", "Remember the token on this device; else it is asked for after each reload";
    FeedAdd: "添加并读取", "Add and fetch";
    FeedNoAddress: "这不是能读的地址，例如 https://shop.example/orders.csv、wss://shop.example/live 或带主题的 mqtt+wss://broker.example/mqtt", "That is no address that can be read, such as https://shop.example/orders.csv, wss://shop.example/live, or mqtt+wss://broker.example/mqtt with a topic";
    FeedAddFolder: "监视文件夹", "Watch a folder";
    FeedFolderHint: "每 5 秒看一次；新的或改过的导出文件写完后自动读入。子文件夹不读。", "Looked at each 5 seconds: exports that are new or changed are read once they are written. Folders in it are not.";
    FeedNoFolders: "这个浏览器不允许网页读取文件夹（Chrome 和 Edge 可以）。请把文件拖进来，或添加地址。", "This browser lets no page read a folder (Chrome and Edge do). Drop files instead, or add an address.";
    FeedPickFolder: "选择文件夹", "Choose a folder";
    FeedFolderMissing: "浏览器不支持", "Not in this browser";
    FeedFolder: "本机文件夹", "Folder of this device";
    FeedWithToken: "带令牌", "with a token";
    FeedGood: "最近成功 {0}（{1}）", "Last up to date {0} ({1})";
    FeedNeverGood: "还没有成功过", "Never up to date yet";
    FeedNext: "下次 {0}", "next {0}";
    FeedNoNext: "不再自动读取", "not looked at by itself";
    FeedUnderWay: "正在读取", "being read";
    FeedNow: "现在读取", "Fetch now";
    FeedPause: "暂停", "Pause";
    FeedResume: "继续", "Resume";
    FeedRemove: "移除", "Remove";
    FeedRemoved: "已移除 {0}；已读入的行保留，可用“撤销”收回。", "{0} is removed. Its rows stay; Undo takes them back.";
    ClockCreated: "下单口径", "created clock";
    LinesHeld: "{0} 行", "{0} lines";
    Overview: "总览", "Overview";
    OrdersTab: "订单", "Orders";
    StockTab: "库存", "Stock";
    DataTab: "数据", "Data";
    DataUntil: "数据截至 {0}", "Data until {0}";
    SoldWithoutStock: "{0} 个在卖 SKU 没有库存行", "{0} selling SKUs have no stock row";
    ManifestBad: "stockpit.json 读不懂：第 {0} 行第 {1} 列", "stockpit.json is not valid: line {0}, column {1}";
    ReadAt: "{0}读入", "read {0}";
    ReportFor: "{0} 的报告", "Report of {0}";
    SpanOf: "下单时间 {0}", "ordered {0}";
    Took: "{0} 秒", "{0} s";
    MapColumns: "更正列", "Correct columns";
    MappingTitle: "这张表怎么读", "How to read this file";
    MappingKind: "内容", "Content";
    MappingEncoding: "编码", "Encoding";
    Automatic: "自动", "Automatic";
    MappingAutomatic: "自动：{0}", "Automatic: {0}";
    MappingReadings: "文字是乱码？看各种编码下的样子", "Garbled text? See it in every encoding";
    MappingReset: "恢复自动识别", "Back to automatic";
    MappingApply: "按此读取整个文件", "Read the whole file so";
    MappingCounts: "前 {0} 行：接收 {1} · 拒收 {2}", "First {0} rows: {1} accepted · {2} refused";
    MappingEnters: "将这样进入", "As they would enter";
    MappingLooks: "正在试读", "Reading the first rows";
    MappingNothing: "还没有行能进入：先补上标有 ✕ 的列。", "No row can enter yet: give what is marked ✕ a column.";
    MappingUnder: "这个文件之后又导入了 {0}。请先在“导入步骤”里撤销它们，再更正这个文件。", "{0} came in after this file. Take that back first, in the list of steps, then correct this file.";
    MappingSettled: "这一步太早，已经不能撤销，所以不能在原处更正。决定会用于之后的文件；要改正已有的行，请全部删除后重新拖入。", "This step is too old to be taken back, so it cannot be corrected in place. Forget everything and drop the files again.";
    MappingGone: "浏览器读不到这个文件了。请再拖一次：记住的列对应会自动套用。", "The browser can no longer read this file. Drop it again: what is remembered of its columns is applied.";
    MappingWait: "等文件读完再更正", "Wait until the files are read";
    NotUsed: "不使用", "not used";
    IsGuess: "猜的，请核对", "a guess: please check";
    NeverImport: "个人信息：永不导入", "personal: never import";
    MappedOn: "按你 {0} 的决定读取", "mapped as you decided on {0}";
    MappingForget: "忘记这个决定", "Forget this decision";
    Mappings: "记住的列对应", "Remembered columns";
    MappingsNone: "更正一次列，之后表头相同的文件就会自动照此读取。", "Correct the columns of a file once, and files with the same header are read so by themselves.";
    MappingsHint: "表头相同的文件自动照此读取。重新载入页面后要改已导入的文件，请再拖一次。", "Files with the same header are read so by themselves. After a reload, drop a file again to correct it.";
    MappingsExport: "导出", "Export";
    MappingsImport: "导入", "Import";
    MappingsImported: "已导入 {0} 个决定", "{0} decisions imported";
    MappingsBad: "这个文件读不懂：第 {0} 行第 {1} 列", "This file is not valid: line {0}, column {1}";
    Before: "对比期", "Before";
    PreviousValue: "上期 {0}", "before {0}";
}

/// Name of a dimension.
pub const fn dim_name(dim: Dim, lang: Lang) -> &'static str {
    match dim {
        Dim::Channel => pick(lang, "渠道", "Channel"),
        Dim::Shop => pick(lang, "店铺", "Shop"),
        Dim::Status => pick(lang, "订单状态", "Status"),
        Dim::Category => pick(lang, "品类", "Category"),
        Dim::Brand => pick(lang, "品牌", "Brand"),
        Dim::Region => pick(lang, "地区", "Region"),
        Dim::Warehouse => pick(lang, "仓库", "Warehouse"),
        Dim::Sku => pick(lang, "SKU", "SKU"),
        Dim::Fulfilment => pick(lang, "发货方", "Fulfilment"),
    }
}

/// What a key of a dimension is called: statuses have names of ours, all else is the file's own text.
pub fn key_name(dim: Dim, key: &str, lang: Lang) -> String {
    if key.is_empty() {
        return T::NotSaid.of(lang).to_owned();
    }
    let Some(status) = Status::from_id(key).filter(|_| dim == Dim::Status) else {
        return key.to_owned();
    };
    let name = match status {
        Status::Created => pick(lang, "待付款", "Unpaid"),
        Status::Paid => pick(lang, "已付款", "Paid"),
        Status::Shipped => pick(lang, "已发货", "Shipped"),
        Status::Completed => pick(lang, "已完成", "Completed"),
        Status::Cancelled => pick(lang, "已取消", "Cancelled"),
        Status::Refunding => pick(lang, "退款中", "Refunding"),
        Status::Refunded => pick(lang, "已退款", "Refunded"),
    };
    name.to_owned()
}

/// A time zone as people say it.
pub fn zone_name(zone: &str) -> String {
    zone.replace('_', " ")
}
