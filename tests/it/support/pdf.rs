//! Small tagged PDFs, written object by object.

use std::fmt::Write as _;

/// A PDF under construction: objects by their numbers.
#[derive(Clone, Default)]
pub struct Pdf {
    objects: Vec<(u32, Vec<u8>)>,
}

/// Whether the table of objects is one, or a stream.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Plain,
    /// With dictionaries packed in an object of their own.
    Stream,
}

impl Pdf {
    #[must_use]
    pub fn object(mut self, number: u32, text: &str) -> Self {
        self.objects.push((number, text.as_bytes().to_vec()));
        self
    }

    #[must_use]
    pub fn stream(mut self, number: u32, entries: &str, bytes: &[u8]) -> Self {
        let head = format!("<<{entries}/Length {}>>\nstream\n", bytes.len());
        let object = [head.as_bytes(), bytes, b"\nendstream"].concat();
        self.objects.push((number, object));
        self
    }

    /// The file. Its catalog is object 1.
    #[must_use]
    pub fn bytes(&self, table: Table, trailer: &str) -> Vec<u8> {
        let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let last = self.objects.iter().map(|(number, _)| *number).max();
        let mut size = last.unwrap_or_default() + 1;
        // (kind, offset or object stream, generation or index)
        let mut places = vec![(0_u8, 0_usize, 65_535_u16); size as usize];
        let is_packed = |object: &[u8]| table == Table::Stream && !object.ends_with(b"endstream");
        let mut packed: Vec<(u32, &[u8])> = Vec::new();
        for (number, object) in &self.objects {
            if is_packed(object) {
                packed.push((*number, object));
                continue;
            }
            places[*number as usize] = (1, bytes.len(), 0);
            bytes.extend(format!("{number} 0 obj\n").as_bytes());
            bytes.extend(object);
            bytes.extend(b"\nendobj\n");
        }
        if table == Table::Plain {
            let start = bytes.len();
            let mut end = format!("xref\n0 {size}\n");
            for (kind, at, generation) in places {
                let letter = if kind == 0 { 'f' } else { 'n' };
                writeln!(end, "{at:010} {generation:05} {letter} ").unwrap();
            }
            write!(
                end,
                "trailer\n<</Size {size} /Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
            )
            .unwrap();
            bytes.extend(end.as_bytes());
            return bytes;
        }
        let (mut index, mut inner) = (String::new(), Vec::new());
        for (at, (number, object)) in packed.iter().enumerate() {
            write!(index, "{number} {} ", inner.len()).unwrap();
            inner.extend(*object);
            inner.push(b'\n');
            places[*number as usize] = (2, size as usize, u16::try_from(at).unwrap());
        }
        places.push((1, bytes.len(), 0));
        let head = format!(
            "{size} 0 obj\n<</Type/ObjStm/N {}/First {}/Length {}>>\nstream\n",
            packed.len(),
            index.len(),
            index.len() + inner.len()
        );
        bytes.extend(
            [
                head.as_bytes(),
                index.as_bytes(),
                &inner,
                b"\nendstream\nendobj\n",
            ]
            .concat(),
        );
        size += 1;
        places.push((1, bytes.len(), 0));
        let start = bytes.len();
        let mut rows = Vec::new();
        for (kind, at, generation) in places {
            rows.push(kind);
            rows.extend(u32::try_from(at).unwrap().to_be_bytes());
            rows.extend(generation.to_be_bytes());
        }
        let head = format!(
            "{size} 0 obj\n<</Type/XRef/Size {}/W[1 4 2]/Root 1 0 R{trailer}/Length {}>>\nstream\n",
            size + 1,
            rows.len()
        );
        bytes.extend([head.as_bytes(), &rows].concat());
        bytes.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
        bytes
    }
}

/// A document of two pages of 200 × 100 points with these tags: a heading, a paragraph, a photograph with a caption, and
/// on the second page a chart and the photograph once more, cut to its left half. Objects from 30 on are free.
#[must_use]
pub fn sample(photograph: &[u8]) -> Pdf {
    let page = |contents: u32| {
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents {contents} 0 R\
             /Resources<</Font<</F 7 0 R>>/XObject<</P 8 0 R>>>>>>"
        )
    };
    let words = |mark: u32, tag: &str, text: &str, at: u32| {
        format!("/{tag} <</MCID {mark}>> BDC BT /F 10 Tf 10 {at} Td ({text}) Tj ET EMC\n")
    };
    let first = words(0, "H1", "Harbours", 85)
        + &words(1, "P", "Boats come home", 70)
        + "/Figure <</MCID 2>> BDC q 40 0 0 20 10 40 cm /P Do Q EMC\n"
        + &words(3, "Caption", "At five", 30)
        + &words(4, "P", "and leave at dawn.", 15)
        + "/Artifact BMC BT /F 10 Tf 100 5 Td (1) Tj ET EMC\n";
    let second =
        "/Figure <</MCID 0>> BDC 1 0 0 rg 20 20 60 30 re f 0 0 1 RG 20 20 m 80 60 l S EMC\n\
         /Figure <</MCID 1>> BDC q 100 20 20 20 re W n 40 0 0 20 100 20 cm /P Do Q EMC\n"
            .to_owned()
            + &words(2, "P", "Nobody swims.", 5);
    let tag = |entries: &str| format!("<</Type/StructElem {entries}>>");
    Pdf::default()
        .object(
            1,
            "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 10 0 R/Lang(en-GB)/MarkInfo<</Marked true>>>>",
        )
        .object(2, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>")
        .object(3, &page(5))
        .object(4, &page(6))
        .stream(5, "", first.as_bytes())
        .stream(6, "", second.as_bytes())
        .object(
            7,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        )
        .stream(
            8,
            "/Type/XObject/Subtype/Image/Width 80/Height 40/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode",
            photograph,
        )
        .object(9, "<</Title<FEFF00C00020006C00610020006D00650072>>>")
        .object(
            10,
            "<</Type/StructTreeRoot/K 11 0 R/RoleMap<</Headline/H1/Picture/Image /Image/Figure>>>>",
        )
        .object(11, &tag("/S/Document/P 10 0 R/K[12 0 R 13 0 R 14 0 R 16 0 R 17 0 R 18 0 R 19 0 R]"))
        .object(12, &tag("/S/Headline/P 11 0 R/Pg 3 0 R/K 0"))
        .object(13, &tag("/S/P/P 11 0 R/Pg 3 0 R/K[1]"))
        .object(14, &tag("/S/Picture/P 11 0 R/Pg 3 0 R/K[2 15 0 R]"))
        .object(15, &tag("/S/Caption/P 14 0 R/Pg 3 0 R/K 3"))
        .object(16, &tag("/S/P/P 11 0 R/Pg 3 0 R/K<</Type/MCR/MCID 4>>"))
        .object(17, &tag("/S/Figure/P 11 0 R/Pg 4 0 R/Alt (A bar \\(red\\) and a line)/K 0"))
        .object(18, &tag("/S/Figure/P 11 0 R/Pg 3 0 R/K<</Type/MCR/Pg 4 0 R/MCID 1>>/Alt <FEFF0020>"))
        .object(19, &tag("/S/P/P 11 0 R/Pg 4 0 R/K 2"))
}
