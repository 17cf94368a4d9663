//! Text of the import report.

use super::{fill, pick};
use crate::format::Lang;
use crate::protocol::{FileKind, FileState, Note, PersonalColumn, Problem};

/// Name of a file's state.
pub const fn state_name(state: FileState, lang: Lang) -> &'static str {
    match state {
        FileState::Queued => pick(lang, "排队", "queued"),
        FileState::Reading => pick(lang, "读取中", "reading"),
        FileState::NeedsMapping => pick(lang, "认不出列", "columns unknown"),
        FileState::Done => pick(lang, "全部接收", "all accepted"),
        FileState::Partial => pick(lang, "部分接收", "partly accepted"),
        FileState::Failed => pick(lang, "未接收", "not accepted"),
        FileState::Cancelled => pick(lang, "已取消", "cancelled"),
    }
}

/// Name of what a file holds.
pub const fn kind_name(kind: FileKind, lang: Lang) -> &'static str {
    match kind {
        FileKind::Orders => pick(lang, "订单", "orders"),
        FileKind::Stock => pick(lang, "库存", "stock"),
        FileKind::Crosswalk => pick(lang, "名称对照", "names"),
        FileKind::Unknown => pick(lang, "未识别", "unknown"),
    }
}

/// Name of a kind of personal data.
pub const fn personal_name(kind: PersonalColumn, lang: Lang) -> &'static str {
    match kind {
        PersonalColumn::Name => pick(lang, "姓名", "name"),
        PersonalColumn::Phone => pick(lang, "电话", "phone"),
        PersonalColumn::Address => pick(lang, "地址", "address"),
        PersonalColumn::Email => pick(lang, "邮箱", "e-mail"),
        PersonalColumn::Other => pick(lang, "个人信息", "personal data"),
    }
}

/// Name of a field of the model by its id; the id itself where it has no name.
pub fn field_name(id: &str, lang: Lang) -> String {
    let name = match id {
        "order_id" => pick(lang, "订单号", "Order id"),
        "line_id" => pick(lang, "子订单号", "Line id"),
        "created_at" => pick(lang, "下单时间", "Order time"),
        "paid_at" => pick(lang, "付款时间", "Payment time"),
        "shipped_at" => pick(lang, "发货时间", "Shipping time"),
        "updated_at" => pick(lang, "更新时间", "Update time"),
        "status" | "dim:status" => pick(lang, "状态", "Status"),
        "title" => pick(lang, "商品名", "Title"),
        "quantity" => pick(lang, "件数", "Quantity"),
        "unit_price" => pick(lang, "单价", "Unit price"),
        "amount" => pick(lang, "应付金额", "Gross amount"),
        "paid_amount" => pick(lang, "实付金额", "Paid amount"),
        "refund_amount" => pick(lang, "退款", "Refund"),
        "currency" => pick(lang, "币种", "Currency"),
        "city" => pick(lang, "城市", "City"),
        "customer" => pick(lang, "客户（散列）", "Customer (hashed)"),
        "on_hand" => pick(lang, "实物库存", "On hand"),
        "available" => pick(lang, "可售", "Available"),
        "inbound" => pick(lang, "在途", "Inbound"),
        "as_of" => pick(lang, "盘点时间", "As of"),
        "arrives" => pick(lang, "预计到货", "Next receipt"),
        "unit_cost" => pick(lang, "单位成本", "Unit cost"),
        "sku" | "dim:sku" => pick(lang, "SKU", "SKU"),
        "dim:channel" => pick(lang, "渠道", "Channel"),
        "dim:shop" => pick(lang, "店铺", "Shop"),
        "dim:category" => pick(lang, "品类", "Category"),
        "dim:brand" => pick(lang, "品牌", "Brand"),
        "dim:region" => pick(lang, "省份/地区", "Region"),
        "dim:warehouse" => pick(lang, "仓库", "Warehouse"),
        "platform_sku" => pick(lang, "平台 SKU", "Platform SKU"),
        "stocked_sku" => pick(lang, "仓库 SKU", "Warehouse SKU"),
        "barcode" => pick(lang, "条码", "Barcode"),
        "per_set" => pick(lang, "组合数量", "Units per set"),
        "item_id" => pick(lang, "商品 ID", "Item id"),
        "place_id" => pick(lang, "地点 ID", "Location id"),
        "place_name" => pick(lang, "地点名称", "Location name"),
        "dim:fulfilment" => pick(lang, "发货方", "Fulfilment"),
        "status_also" => pick(lang, "状态（又一列）", "Status (one more)"),
        "after_sale" => pick(lang, "售后状态", "After-sale status"),
        "order_amount" => pick(lang, "整单金额（每行重复）", "Amount of the order (on each row)"),
        "order_paid" => pick(lang, "整单实付（每行重复）", "Paid for the order (on each row)"),
        "address" => pick(lang, "地址（只取省份）", "Address (province only)"),
        "handle" => pick(lang, "商品代号（没有 SKU 时）", "Handle (where there is no SKU)"),
        "variant" => pick(lang, "规格（同商品代号）", "Variant (with the handle)"),
        other => return other.to_owned(),
    };
    name.to_owned()
}

/// What went wrong, and what to do.
pub fn problem_text(problem: &Problem, lang: Lang) -> String {
    let text = |zh, en| pick(lang, zh, en).to_owned();
    let with = |zh, en, parts: &[&str]| fill(pick(lang, zh, en), parts);
    match problem {
        Problem::Missing => text("必填的值为空", "a required value is empty"),
        Problem::SpreadsheetError => text("表格软件的错误值", "a spreadsheet error value"),
        Problem::NotANumber => text("不是数字", "not a number"),
        Problem::NumberTooLarge => text(
            "数字过大，不像金额或件数",
            "too large for an amount or a quantity",
        ),
        Problem::NotADate => text(
            "不是日期，或日期不存在",
            "not a date, or a day that does not exist",
        ),
        Problem::UnknownStatus => text("不认识的状态", "a status that is none of those known"),
        Problem::RuinedIdentifier => text(
            "编号被表格软件改过（3.5E+16，或第 15 位之后变成 0），已丢失位数；请从后台重新下载，直接拖入",
            "a spreadsheet rounded the number (3.5E+16, or zeros after the 15th digit); export again and drop it unopened",
        ),
        Problem::CutOff => text(
            "文件在这一行中间断了；请重新导出",
            "the file ends inside this row; export it again",
        ),
        Problem::BrokenRecord => text("这条记录不是有效的 JSON", "this record is not valid JSON"),
        Problem::RowTooLong => text(
            "这一行或其中一格过长，多半是引号没有闭合",
            "the row or one of its cells is too long: most likely a quote that is never closed",
        ),
        Problem::EmptyFile => text("文件是空的；请重新导出", "the file is empty; export it again"),
        Problem::NoRows => text(
            "只有表头，没有数据行；请检查导出的时间范围",
            "a header but no row; check the range that was exported",
        ),
        Problem::UnknownHeader => text(
            "认不出表头：需要订单号、下单时间和金额或件数，或者 SKU 和库存数量",
            "the header is not known: order id, order time and amount or quantity are needed, or SKU and stock quantity",
        ),
        Problem::NotOrdersNorStock => text(
            "这是一张别的表（如商品列表），既不是订单也不是库存；请导出订单报表或库存报表",
            "some other table (a product list, say), neither orders nor stock; export the order or stock report",
        ),
        Problem::JsonWithoutRows => text("JSON 里没有对象数组", "the JSON holds no array of objects"),
        Problem::Cancelled => text(
            "已由你取消；这个文件没有任何行进入",
            "cancelled by you; no row of this file was taken",
        ),
        Problem::Http(0) => text(
            "地址连不上：检查网络、地址，以及对方是否允许跨域读取",
            "the address could not be reached: check network, address, and whether it allows reading from this page",
        ),
        Problem::NotATable(kind) => {
            let about = |zh, en| with(zh, en, &[&kind.to_uppercase()]);
            match kind.as_str() {
                "xlsb" | "docx" | "pptx" | "odf" => about(
                    "这是 {0} 文件，读不了；请另存为 XLSX 或 CSV（UTF-8）再拖入",
                    "{0} files cannot be read; save it as XLSX or CSV (UTF-8) and drop that",
                ),
                "zip" | "gzip" | "rar" | "7z" | "bzip2" | "xz" | "zstd" => about(
                    "这是 {0} 压缩包；请先解压再拖入",
                    "a {0} archive; unpack it and drop what is inside",
                ),
                "" | "binary" => text(
                    "不是表格；请拖入 CSV、TSV、XLSX、XLS、ODS、JSON 或它们的 ZIP",
                    "not a table; drop CSV, TSV, XLSX, XLS, ODS, JSON or a ZIP of these",
                ),
                _ => about(
                    "这是 {0} 文件，不是表格；请拖入 CSV、TSV、XLSX、XLS、ODS、JSON 或它们的 ZIP",
                    "a {0} file, not a table; drop CSV, TSV, XLSX, XLS, ODS, JSON or a ZIP of these",
                ),
            }
        }
        Problem::TooManyColumns(count) => with(
            "有 {0} 列，超过 4,096 列的上限；多半分隔符不对或不是导出文件",
            "{0} columns, more than the limit of 4,096; most likely not an export",
            &[&count.to_string()],
        ),
        Problem::BadJson(line, column) => with(
            "JSON 在第 {0} 行第 {1} 列处出错或中断；请重新导出",
            "the JSON is wrong or cut off at line {0}, column {1}; export it again",
            &[&line.to_string(), &column.to_string()],
        ),
        Problem::Locked(kind) if kind == "zip" => text(
            "带密码的压缩包；请先用密码解压，再把里面的文件拖进来",
            "an archive with a password; unpack it with the password and drop what is inside",
        ),
        Problem::Locked(kind) => with(
            "带密码的 {0} 工作簿；请用表格软件打开，另存为不带密码的文件再拖入",
            "an {0} workbook with a password; open it and save it without one, then drop that",
            &[&kind.to_uppercase()],
        ),
        Problem::Damaged(kind) => with(
            "{0} 文件已损坏或没有下载完整；请重新导出或重新下载",
            "the {0} file is damaged or cut off; export or download it again",
            &[&kind.to_uppercase()],
        ),
        Problem::Unpacks(limit) => with(
            "解压后超过 {0} MB 的上限；请分成几个文件再拖入",
            "more than the limit of {0} MB comes out of it; drop it in several files",
            &[&limit.to_string()],
        ),
        Problem::Bomb(ratio) => with(
            "压缩比超过 {0}:1，不像真实的导出文件，已停止解压",
            "packed more than {0}:1, unlike any real export; unpacking was stopped",
            &[&ratio.to_string()],
        ),
        Problem::TooDeep => text(
            "压缩包里套了不止一层压缩包；请先解压里层再拖入",
            "archives in archives in an archive; unpack the inner ones and drop them",
        ),
        Problem::TooManyParts(most) => with(
            "超过 {0} 个文件或工作表，其余的没有读取；请分几次拖入",
            "more than {0} files or sheets; the others were not read: drop them apart",
            &[&most.to_string()],
        ),
        Problem::NothingInside => text(
            "里面没有表格：没有可见的、至少两列的工作表或文件",
            "no table inside: no visible sheet or file with two columns",
        ),
        Problem::ReaderEnded(words) => with(
            "读到这个文件时读取程序意外中止（{0}）：文件多半已损坏或过大；没有任何行进入，其他文件不受影响。请重新导出，或另存为 CSV 再拖入",
            "the reader stopped at this file ({0}): most likely it is damaged or too large; no row of it was taken, and other files are not affected. Export it again, or save it as CSV and drop that",
            &[words],
        ),
        Problem::Unreadable(words) => with(
            "浏览器读不下去了（{0}）；文件可能被移动、删除或正被占用，请再拖一次",
            "the browser could not read on ({0}); the file may have been moved, deleted or locked: drop it again",
            &[words],
        ),
        Problem::Http(status) => with(
            "服务器回答 HTTP {0}；检查地址和权限",
            "the server answered HTTP {0}; check address and access",
            &[&status.to_string()],
        ),
        Problem::NoReader => text(
            "Stockpit 读文件的部分还没能从服务器取到；检查网络后再拖入一次",
            "the part of Stockpit that reads files has not come from its server; check the connection, then drop it again",
        ),
    }
}

/// Something worth saying.
pub fn note_text(note: &Note, lang: Lang) -> String {
    let text = |zh, en| pick(lang, zh, en).to_owned();
    let with = |zh, en, parts: &[&str]| fill(pick(lang, zh, en), parts);
    let number = |rows: &u64| crate::format::count(*rows, lang).to_string();
    let count = |zh, en, rows| with(zh, en, &[&number(rows)]);
    match note {
        Note::WithoutAmount(rows) => count(
            "{0} 行没有金额：计入订单和件数，不计入金额",
            "{0} lines without an amount: in orders and units, not in money",
            rows,
        ),
        Note::WithoutQuantity(rows) => count("{0} 行没有件数", "{0} lines without a quantity", rows),
        Note::Rounded(rows) => count(
            "{0} 个金额的小数超过四位，已按银行家舍入",
            "{0} amounts had more than four decimals and were rounded half-even",
            rows,
        ),
        Note::PaidClockIsCreated => text(
            "文件没有付款时间：状态说明已付款的行用下单时间",
            "no payment time in the file: order time stands in on lines whose status implies payment",
        ),
        Note::StatusAssumedPaid => text(
            "文件没有订单状态：按已付款计",
            "no status in the file: lines count as paid",
        ),
        Note::UnknownStatus(rows, first) => with(
            "{0} 行的状态不认识（如“{1}”），按已付款计",
            "{0} lines have an unknown status (\"{1}\"), counted as paid",
            &[&number(rows), first],
        ),
        Note::ReturnLines(rows) => count(
            "{0} 行件数为负：按退货计",
            "{0} lines with a negative quantity: counted as returns",
            rows,
        ),
        Note::StockRowsAdded(rows) => count(
            "{0} 行与前面的行 SKU 和仓库相同（库位或批次），数量已相加",
            "{0} rows share SKU and warehouse with an earlier one (bins, lots): quantities added",
            rows,
        ),
        Note::AmbiguousDates(pattern) => with(
            "日和月的顺序无从判断，按 {0} 读取",
            "day and month could not be told apart; read as {0}",
            &[pattern],
        ),
        Note::CurrencyAssumed(code) if code.is_empty() => text(
            "文件没有币种：金额不带币种显示，可在设置里指定",
            "no currency in the file: amounts are shown without one; choose it in the settings",
        ),
        Note::CurrencyAssumed(code) => with(
            "文件没有币种：按 {0} 计",
            "no currency in the file: taken as {0}",
            &[code],
        ),
        Note::ExtraCells(rows) => count(
            "{0} 行的单元格比表头多，多出的未读",
            "{0} rows have more cells than the header; the rest was not read",
            rows,
        ),
        Note::BlankRows(rows) => count("{0} 行是空行", "{0} rows are blank", rows),
        Note::Asides(rows) => count(
            "{0} 行不属于数据（合计、说明），已跳过",
            "{0} rows are no data (totals, remarks) and were left out",
            rows,
        ),
        Note::RuinedSkus(rows) => count(
            "{0} 个商品编码被表格软件改成了近似数字（如 6.9E+12，或尾部变成 0），无法使用",
            "{0} codes of goods were turned into rounded numbers by a spreadsheet (6.9E+12, zeros at the end) and were left out",
            rows,
        ),
        Note::RoundedIds(ids, first) => with(
            "{0} 个 16 位单号都以 0 结尾（如 {1}），多半被表格软件舍入过：不同订单可能成了同一单，请重新下载原始文件",
            "{0} order ids of 16 digits end in 0 ({1}): most likely a spreadsheet rounded them and different orders became one; export again",
            &[&number(ids), first],
        ),
        Note::JoinedGoods(rows) => count(
            "{0} 行在一格里有多个商品而只有一个总件数：计入总数，不计入任何 SKU",
            "{0} rows hold several goods in one cell with one quantity for all: they count in totals, under no SKU",
            rows,
        ),
        Note::WaitingLines(rows) => count(
            "{0} 行没有时间：同时导入订单报表后按订单计入",
            "{0} lines tell no time: they count once the order report of the same orders is imported",
            rows,
        ),
        Note::NamesRepeated(rows) => count(
            "{0} 行与其他行说的一样",
            "{0} rows say what another one says",
            rows,
        ),
        Note::NamesClash(names, first) => with(
            "{0} 个名称在几行里说法不一（如“{1}”）：以最后一行为准",
            "{0} names are said to be different things (such as \"{1}\"): the last row counts",
            &[&number(names), first],
        ),
        Note::SetsOfOne(names, first) => with(
            "{0} 个名称对应多个商品而没有数量（如“{1}”）：按每种一件的组合计",
            "{0} names stand for several goods without a quantity (such as \"{1}\"): taken as a set of one of each",
            &[&number(names), first],
        ),
        Note::UnderIds(goods, 0) => count(
            "{0} 个商品只有 ID：把 inventory_items.json 也拖进来，就有 SKU",
            "{0} goods are known by their ids only: drop inventory_items.json too for their SKUs",
            goods,
        ),
        Note::UnderIds(0, places) => count(
            "{0} 个地点只有 ID：把 locations.json 也拖进来，就有名称",
            "{0} locations are known by their ids only: drop locations.json too for their names",
            places,
        ),
        Note::UnderIds(goods, places) => with(
            "{0} 个商品和 {1} 个地点只有 ID：把 inventory_items.json 和 locations.json 也拖进来，就有 SKU 和名称",
            "{0} goods and {1} locations are known by their ids only: drop inventory_items.json and locations.json too for SKUs and names",
            &[&number(goods), &number(places)],
        ),
        Note::HiddenSheets(sheets, first) => with(
            "{0} 个隐藏的工作表没有读取（如“{1}”）；要读取请在表格软件里取消隐藏",
            "{0} hidden sheets were not read (such as \"{1}\"); unhide them to have them read",
            &[&number(sheets), first],
        ),
        Note::NestedValues(rows) => count("{0} 个嵌套值没有读取", "{0} nested values were left out", rows),
    }
}
