//! A workbook of Excel, as small as one can be: stored parts, texts in their cells, days as numbers in a format of days.

/// A cell.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    Empty,
    Text(&'static str),
    Number(f64),
    /// Days since 1900 as Excel counts.
    Day(u32),
}

/// The bytes of a workbook with these sheets.
pub fn of(sheets: &[(&str, Vec<Vec<Cell>>)]) -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let number = |it: usize| it + 1;
    let types: String = (0..sheets.len())
        .map(|it| format!("<Override PartName=\"/xl/worksheets/sheet{}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>", number(it)))
        .collect();
    let listed: String = sheets
        .iter()
        .enumerate()
        .map(|(at, it)| format!("<sheet name=\"{}\" sheetId=\"{}\" r:id=\"r{}\"/>", it.0, number(at), number(at)))
        .collect();
    let links: String = (0..sheets.len())
        .map(|it| {
            format!("<Relationship Id=\"r{}\" Type=\"{DOCUMENT}/worksheet\" Target=\"worksheets/sheet{}.xml\"/>", number(it), number(it))
        })
        .collect();
    let mut parts = vec![
        (
            "[Content_Types].xml".to_owned(),
            format!(
                "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>{types}</Types>"
            ),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{DOCUMENT}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{DOCUMENT}\"><sheets>{listed}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{links}<Relationship Id=\"s\" Type=\"{DOCUMENT}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        // The second format, 14, is that of days.
        (
            "xl/styles.xml".to_owned(),
            format!(
                "{HEAD}<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
            ),
        ),
    ];
    for (at, (_, rows)) in sheets.iter().enumerate() {
        let rows: String =
            rows.iter().enumerate().map(|(row, cells)| format!("<row r=\"{}\">{}</row>", number(row), line(row, cells))).collect();
        parts.push((
            format!("xl/worksheets/sheet{}.xml", number(at)),
            format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ));
    }
    archive(&parts)
}

fn line(row: usize, cells: &[Cell]) -> String {
    let mut text = String::new();
    for (column, cell) in cells.iter().enumerate() {
        let place = format!("{}{}", (b'A' + column as u8) as char, row + 1);
        match cell {
            Cell::Empty => {}
            Cell::Text(it) => text.push_str(&format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{it}</t></is></c>")),
            Cell::Number(it) => text.push_str(&format!("<c r=\"{place}\"><v>{it}</v></c>")),
            Cell::Day(it) => text.push_str(&format!("<c r=\"{place}\" s=\"1\"><v>{it}</v></c>")),
        }
    }
    text
}

/// A zip archive of parts that are stored as they are.
fn archive(parts: &[(String, String)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let start = bytes.len() as u32;
        let mut facts = Vec::new();
        // Version, flags, method, time, date; the sum; both sizes; the lengths of the name and of what is extra.
        [20_u16, 0, 0, 0, 33].iter().for_each(|it| facts.extend(it.to_le_bytes()));
        [sum(text.as_bytes()), text.len() as u32, text.len() as u32].iter().for_each(|it| facts.extend(it.to_le_bytes()));
        [name.len() as u16, 0].iter().for_each(|it| facts.extend(it.to_le_bytes()));
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&facts);
        bytes.extend(name.as_bytes());
        bytes.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&facts);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    [parts.len() as u16, parts.len() as u16].iter().for_each(|it| bytes.extend(it.to_le_bytes()));
    [directory.len() as u32, start].iter().for_each(|it| bytes.extend(it.to_le_bytes()));
    bytes.extend([0; 2]);
    bytes
}

/// CRC-32, as archives keep it.
fn sum(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }))
}
