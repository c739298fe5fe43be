//! Values of Peil's own spelling by the shape of their attribute -> nodes, as the YAML spelling gives them.

use super::{Part, PartKind, Reader, unescape, whole};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::node::{Entry, Kind, Node, Places, Scalar};
use crate::syntax::schema::{self, Attribute, Shape};
use crate::value::{Code, Diagnostics, Fact, nearest};

impl Reader<'_> {
    pub(super) fn value(&self, attribute: &Attribute, key: Span, parts: &[Part], out: &mut Diagnostics) -> Node {
        if parts.is_empty() {
            let kind = if attribute.shape == Shape::Flag {
                Kind::Scalar(Scalar { text: "true".to_owned(), quoted: false, places: Places::From(key.start) })
            } else {
                Kind::Absent
            };
            return Node { span: key, kind };
        }
        match attribute.shape {
            Shape::Title => self.title(parts),
            Shape::Names | Shape::References | Shape::Texts => self.list(parts),
            Shape::Norms => Node { span: whole(parts), kind: Kind::List(vec![self.norms(parts, out)]) },
            Shape::Titled => self.named(parts, &["color"], "title", out),
            Shape::Themes => self.named(parts, &["color"], "title", out),
            Shape::Edges(keys) => self.edges(parts, keys, out),
            Shape::Record(keys) => self.record(parts, keys, out),
            Shape::Links(keys) => self.named(parts, keys, "", out),
            Shape::Margins => self.margin(parts, out),
            Shape::Values => self.pairs(parts),
            Shape::Quantities(keys) => self.quantities(parts, keys, out),
            Shape::Parts(keys) => self.part(parts, keys, out),
            Shape::Files => self.files(parts, out),
            Shape::Uses => self.uses(parts, out),
            Shape::Expectations(keys) => self.expectations(parts, keys, out),
            Shape::Columns => self.column(parts, out),
            Shape::Lints => self.lints(parts, out),
            Shape::Takes => self.takes(parts),
            Shape::Noted => self.noted(parts),
            _ => self.scalar(parts),
        }
    }

    /// The text of parts as it stands, as one scalar; a single text without its quotes.
    pub(super) fn scalar(&self, parts: &[Part]) -> Node {
        match parts {
            [part] if part.kind == PartKind::Text => self.text_node(part),
            _ => {
                let span = whole(parts);
                Node::plain(span, self.slice(span))
            }
        }
    }

    pub(super) fn text_node(&self, part: &Part) -> Node {
        let source = self.slice(part.span);
        let start = part.span.start + 1;
        let inner = &source[1..source.len() - 1];
        let (text, places) = if inner.contains('\\') { unescape(inner, start) } else { (inner.to_owned(), Places::From(start)) };
        Node { span: part.span, kind: Kind::Scalar(Scalar { text, quoted: true, places }) }
    }

    /// `"…"`, or `nl "…" en "…"`.
    pub(super) fn title(&self, parts: &[Part]) -> Node {
        let by_language = parts.len() >= 2 && parts[0].kind == PartKind::Word && parts[1].kind == PartKind::Text;
        if !by_language {
            return self.scalar(parts);
        }
        let parts: Vec<&Part> = parts.iter().filter(|it| it.kind != PartKind::Comma).collect();
        let entries = parts
            .chunks(2)
            .map(|pair| {
                let key = Spanned::new(self.slice(pair[0].span).to_owned(), pair[0].span);
                let value = pair.get(1).map_or(Node { span: pair[0].span, kind: Kind::Absent }, |it| self.scalar(std::slice::from_ref(it)));
                Entry { key, value }
            })
            .collect();
        Node { span: parts.first().map_or_else(|| whole_refs(&parts), |it| it.span), kind: Kind::Map(entries) }
    }

    fn list(&self, parts: &[Part]) -> Node {
        let items: Vec<Node> = split(parts, PartKind::Comma).into_iter().map(|it| self.scalar(it)).collect();
        Node { span: whole(parts), kind: Kind::List(items) }
    }

    /// `worst 20, threshold 42, target 45 from 2025-01 until 2025-12 where …`
    fn norms(&self, parts: &[Part], out: &mut Diagnostics) -> Node {
        self.record(parts, &["worst", "threshold", "target", "from", "until", "where"], out)
    }

    /// Keys with their values, commas between them or not; `where` takes all that follows.
    fn record(&self, parts: &[Part], keys: &[&str], out: &mut Diagnostics) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        let mut at = 0;
        // `changed 2025-06-10 reason "…"`: what comes first is the first key's.
        if keys.first() == Some(&"on") && self.subkey(parts, keys).is_none() {
            let key = Spanned::new("on".to_owned(), parts[0].span);
            entries.push(Entry { key, value: self.scalar(&parts[..1]) });
            at = 1;
        }
        while at < parts.len() {
            let Some((key, used)) = self.subkey(&parts[at..], keys) else {
                // What is no key here is reported by whoever reads the mapping, with all that was to be its value.
                let key = Spanned::new(self.slice(parts[at].span).to_owned(), parts[at].span);
                if parts[at].kind != PartKind::Comma {
                    entries.push(Entry { key, value: Node { span: parts[at].span, kind: Kind::Absent } });
                }
                at += 1;
                let named = parts[at - 1].kind == PartKind::Word;
                while named && at < parts.len() && parts[at].kind != PartKind::Comma && self.subkey(&parts[at..], keys).is_none() {
                    at += 1;
                }
                continue;
            };
            let key_span = parts[at].span.to(parts[at + used - 1].span);
            let from = at + used;
            let mut to = from;
            // `several from a, b`: this `from` is a word of `several`.
            if key == "several" && parts.get(to).is_some_and(|it| self.word(it) == "from") {
                to += 1;
            }
            // A comma ends a value that is no list: behind it stands a key, known or not.
            // In `0,5` it is a decimal comma, for whoever reads the value.
            let decimal = |at: usize| {
                let beside = parts.get(at - 1).zip(parts.get(at + 1));
                beside.is_some_and(|(a, b)| {
                    let digit = |it: &Part| self.word(it).starts_with(|it: char| it.is_ascii_digit());
                    digit(a) && digit(b) && a.span.end == parts[at].span.start && b.span.start == parts[at].span.end
                })
            };
            // No key stands between quotes: `scale "Low", "High"` is one value, and a wrong one.
            let worded = |at: usize| key == "scale" && parts.get(at + 1).is_some_and(|it| it.kind == PartKind::Text);
            let ends = |at: usize| parts[at].kind == PartKind::Comma && !takes_list(key) && !decimal(at) && !worded(at);
            while to < parts.len() && (key == "where" || (!ends(to) && self.subkey(&parts[to..], keys).is_none())) {
                to += 1;
            }
            at = to;
            while to > from && parts[to - 1].kind == PartKind::Comma {
                to -= 1;
            }
            let value = if to == from {
                // A flag: `moment of truth`, `best`.
                Node { span: key_span, kind: Kind::Absent }
            } else {
                self.sub_value(key, &parts[from..to], out)
            };
            self.insert(&mut entries, Entry { key: Spanned::new(key.to_owned(), key_span), value }, out);
        }
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    fn sub_value(&self, key: &str, parts: &[Part], out: &mut Diagnostics) -> Node {
        match key {
            "title" | "description" => self.title(parts),
            "labels" => self.pairs(parts),
            "recode" => self.recode(parts),
            "several" => self.record(parts, &["from", "split"], out),
            "where" => self.scalar(parts),
            _ if takes_list(key) && parts.iter().any(|it| it.kind == PartKind::Comma) => self.list(parts),
            _ => self.scalar(parts),
        }
    }

    /// The one of these keys that parts begin with, and how many words name it.
    fn subkey<'k>(&self, parts: &[Part], keys: &[&'k str]) -> Option<(&'k str, usize)> {
        self.key(parts, |name| keys.iter().copied().find(|it| *it == name))
    }

    /// `nps weight 2, ces weight 1`: names with sub-keys.
    fn edges(&self, parts: &[Part], keys: &[&str], out: &mut Diagnostics) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        for group in split(parts, PartKind::Comma) {
            // `retention after 3 months, evidence hypothesis`: what begins with a sub-key goes on about the last name.
            if group.len() > 1
                && self.subkey(group, keys).is_some_and(|it| it.1 < group.len() && self.subkey(&group[it.1..], keys).is_none())
                && let Some(last) = entries.last_mut()
            {
                last.value.span = last.value.span.to(whole(group));
                if matches!(last.value.kind, Kind::Absent) {
                    last.value.kind = Kind::Map(Vec::new());
                }
                if let Kind::Map(known) = &mut last.value.kind {
                    let more = self.record_or_empty(group, keys, out);
                    more.into_iter().for_each(|it| self.insert(known, it, out));
                }
                continue;
            }
            let names = group.iter().enumerate().position(|(at, _)| at > 0 && self.subkey(&group[at..], keys).is_some());
            // `b wieght 3`: what is nearly a key is one, and is reported by whoever reads the mapping.
            let nearly = || group.get(1).filter(|it| it.kind == PartKind::Word && nearest(self.slice(it.span), keys).is_some());
            let names = names.or_else(|| nearly().map(|_| 1));
            let (name, rest) = group.split_at(names.unwrap_or(group.len()));
            if name.is_empty() {
                continue;
            }
            let span = whole(name);
            let key = Spanned::new(self.slice(span).to_owned(), span);
            let value = if rest.is_empty() { Node { span, kind: Kind::Absent } } else { self.record(rest, keys, out) };
            self.insert(&mut entries, Entry { key, value }, out);
        }
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    /// `team security "Security"`, `theme engagement "Engagement" color blue`, `reference customer to customers by id`.
    fn named(&self, parts: &[Part], keys: &[&str], title: &'static str, out: &mut Diagnostics) -> Node {
        let mut entries = Vec::new();
        for group in split(parts, PartKind::Comma) {
            let Some(first) = group.first() else { continue };
            let key = Spanned::new(self.slice(first.span).to_owned(), first.span);
            let mut rest = &group[1..];
            let mut inner = Vec::new();
            let head: Vec<&Part> = rest.iter().take_while(|it| self.subkey(std::slice::from_ref(it), keys).is_none()).collect();
            if !head.is_empty() && !title.is_empty() {
                let named = &rest[..head.len()];
                let title_key = Spanned::new(title.to_owned(), named[0].span);
                inner.push(Entry { key: title_key, value: self.title(named) });
                rest = &rest[head.len()..];
            }
            let record = self.record_or_empty(rest, keys, out);
            let only_title = record.is_empty() && inner.len() == 1;
            inner.extend(record);
            let value = if only_title { inner.remove(0).value } else { Node { span: whole(group), kind: Kind::Map(inner) } };
            self.insert(&mut entries, Entry { key, value }, out);
        }
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    fn record_or_empty(&self, parts: &[Part], keys: &[&str], out: &mut Diagnostics) -> Vec<Entry> {
        if parts.is_empty() {
            return Vec::new();
        }
        match self.record(parts, keys, out).kind {
            Kind::Map(entries) => entries,
            _ => Vec::new(),
        }
    }

    /// `"N" "Noord", "Z" "Zuid"` or `1 "Web", 2 "Tel"`.
    fn pairs(&self, parts: &[Part]) -> Node {
        let entries = split(parts, PartKind::Comma)
            .into_iter()
            .filter(|it| !it.is_empty())
            .map(|group| {
                let code = self.scalar(&group[..1]);
                let key = Spanned::new(code.text().unwrap_or_default().to_owned(), code.span);
                let value = if group.len() > 1 { self.title(&group[1..]) } else { Node { span: code.span, kind: Kind::Absent } };
                Entry { key, value }
            })
            .collect();
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    /// `nps weight 40 %, pays 0 % at 42, 100 % at 45`: a KPI, or a part of one, with its sub-keys.
    fn part(&self, parts: &[Part], keys: &[&str], out: &mut Diagnostics) -> Node {
        let names = (1..parts.len()).find(|at| self.subkey(&parts[*at..], keys).is_some());
        let (name, rest) = parts.split_at(names.unwrap_or(parts.len()));
        let name = match name {
            [.., comma] if comma.kind == PartKind::Comma && name.len() > 1 => &name[..name.len() - 1],
            all => all,
        };
        let span = whole(name);
        let key = Spanned::new(self.slice(span).to_owned(), span);
        let value = if rest.is_empty() { Node { span, kind: Kind::Absent } } else { self.record(rest, keys, out) };
        Node { span: whole(parts), kind: Kind::Map(vec![Entry { key, value }]) }
    }

    /// `region "N" 30 %, "Z" 70 %`: a column, then its levels.
    fn margin(&self, parts: &[Part], out: &mut Diagnostics) -> Node {
        let Some((first, rest)) = parts.split_first() else { return Node { span: whole(parts), kind: Kind::Absent } };
        let name = self.scalar(std::slice::from_ref(first));
        let key = Spanned::new(name.text().unwrap_or_default().to_owned(), first.span);
        let value = if rest.is_empty() { Node { span: first.span, kind: Kind::Absent } } else { self.quantities(rest, &[], out) };
        Node { span: whole(parts), kind: Kind::Map(vec![Entry { key, value }]) }
    }

    /// `"N" low 10 % base 20 % high 30 %, "Z" 15 %`: a value, then its estimate; a comma may stand within it too.
    fn quantities(&self, parts: &[Part], keys: &[&str], out: &mut Diagnostics) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        for group in split(parts, PartKind::Comma) {
            let more = self.subkey(group, keys).is_some();
            let (first, rest) = if more { (None, group) } else { (group.first(), &group[1..]) };
            let value = match self.subkey(rest, keys) {
                Some(_) => self.record(rest, keys, out),
                None if rest.is_empty() => Node { span: whole(group), kind: Kind::Absent },
                None => self.scalar(rest),
            };
            match (first, entries.last_mut()) {
                (Some(first), _) => {
                    let code = self.scalar(std::slice::from_ref(first));
                    let key = Spanned::new(code.text().unwrap_or_default().to_owned(), code.span);
                    self.insert(&mut entries, Entry { key, value }, out);
                }
                (None, Some(Entry { value: Node { kind: Kind::Map(known), .. }, .. })) => {
                    if let Kind::Map(more) = value.kind {
                        more.into_iter().for_each(|it| self.insert(known, it, out));
                    }
                }
                (None, _) => {
                    out.push(
                        Fact::at(Code::SyntaxError, group[0].span).with("reason", "unexpected").with("found", self.slice(group[0].span)),
                    );
                }
            }
        }
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    /// `"sfo_2018.csv" 1 "SUN", 2 "MON"`: a file, then pairs; another text before a number begins another file.
    fn recode(&self, parts: &[Part]) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        // Without a file there are pairs alone, for whoever reads the mapping.
        if split(parts, PartKind::Comma).first().is_some_and(|it| it.len() == 2) {
            return self.pairs(parts);
        }
        for group in split(parts, PartKind::Comma) {
            let mut rest = group;
            if rest.len() >= 3 || entries.is_empty() {
                let Some(first) = rest.first() else { continue };
                let file = self.scalar(std::slice::from_ref(first));
                let key = Spanned::new(file.text().unwrap_or_default().to_owned(), first.span);
                entries.push(Entry { key, value: Node { span: whole(group), kind: Kind::Map(Vec::new()) } });
                rest = &rest[1..];
            }
            if let Some(Entry { value: Node { kind: Kind::Map(pairs), .. }, .. }) = entries.last_mut()
                && !rest.is_empty()
                && let Kind::Map(more) = self.pairs(rest).kind
            {
                pairs.extend(more);
            }
        }
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    /// `"a.csv" with wave = 2017, station = "x", "b.csv"`.
    fn files(&self, parts: &[Part], out: &mut Diagnostics) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        for group in split(parts, PartKind::Comma) {
            let Some(first) = group.first() else { continue };
            let mut constants = group;
            if first.kind == PartKind::Text {
                let file = self.text_node(first);
                let key = Spanned::new(file.text().unwrap_or_default().to_owned(), first.span);
                let entry = Entry { key, value: Node { span: first.span, kind: Kind::Absent } };
                self.insert(&mut entries, entry, out);
                constants = &group[1..];
                if constants.first().is_some_and(|it| self.word(it) == "with") {
                    constants = &constants[1..];
                }
            }
            if constants.is_empty() {
                continue;
            }
            let well_formed = constants.len() >= 3 && constants[0].kind == PartKind::Word && constants[1].kind == PartKind::Equals;
            let (true, Some(file)) = (well_formed, entries.last_mut()) else {
                out.push(Fact::at(Code::SyntaxError, whole(constants)).with("reason", "constant-expected"));
                continue;
            };
            let key = Spanned::new(self.slice(constants[0].span).to_owned(), constants[0].span);
            let entry = Entry { key, value: self.scalar(&constants[2..]) };
            match &mut file.value.kind {
                Kind::Map(known) => known.push(entry),
                kind => *kind = Kind::Map(vec![entry]),
            }
        }
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    /// `"../group" as group, peil.cx`.
    fn uses(&self, parts: &[Part], out: &mut Diagnostics) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        for group in split(parts, PartKind::Comma) {
            let Some((first, rest)) = group.split_first() else { continue };
            let path = self.scalar(std::slice::from_ref(first));
            let key = Spanned::new(path.text().unwrap_or_default().to_owned(), first.span);
            let value = if rest.is_empty() { Node { span: first.span, kind: Kind::Absent } } else { self.record(rest, &["as"], out) };
            self.insert(&mut entries, Entry { key, value }, out);
        }
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    /// `nps[channel = "Web"]@2024-Q1 33.3 tolerance 0.1 n 3, ces empty`.
    fn expectations(&self, parts: &[Part], keys: &[&str], out: &mut Diagnostics) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        for group in split(parts, PartKind::Comma) {
            let name = 1 + group[1..].iter().take_while(|it| it.kind == PartKind::Group || self.word(it).starts_with('@')).count();
            let (name, rest) = group.split_at(name);
            let span = whole(name);
            let key = Spanned::new(self.slice(span).to_owned(), span);
            let value = rest.iter().enumerate().take_while(|(at, _)| self.subkey(&rest[*at..], keys).is_none()).count();
            let (value, rest) = rest.split_at(value);
            let mut inner = Vec::new();
            if !value.is_empty() {
                let place = whole(value);
                inner.push(Entry { key: Spanned::new("value".to_owned(), place), value: self.scalar(value) });
            }
            inner.extend(self.record_or_empty(rest, keys, out));
            // A value alone is the value.
            let alone = inner.len() == 1 && inner[0].key.value == "value";
            let value = if alone { inner.remove(0).value } else { Node { span: whole(group), kind: Kind::Map(inner) } };
            self.insert(&mut entries, Entry { key, value }, out);
        }
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    /// `NETPRO "Likely to recommend" scale 0..10 blank 11`, `x = a + b`.
    fn column(&self, parts: &[Part], out: &mut Diagnostics) -> Node {
        let first = &parts[0];
        let key = Spanned::new(self.slice(first.span).to_owned(), first.span);
        let mut rest = &parts[1..];
        let mut inner = Vec::new();
        if rest.first().is_some_and(|it| it.kind == PartKind::Equals) {
            let value = if rest.len() > 1 { self.scalar(&rest[1..]) } else { Node { span: rest[0].span, kind: Kind::Absent } };
            inner.push(Entry { key: Spanned::new("expression".to_owned(), rest[0].span), value });
            rest = &[];
        } else if let Some(part) = rest.first().filter(|it| it.kind == PartKind::Text) {
            inner.push(Entry { key: Spanned::new("title".to_owned(), part.span), value: self.text_node(part) });
            rest = &rest[1..];
        }
        for entry in self.record_or_empty(rest, schema::COLUMN_KEYS, out) {
            match inner.iter().find(|it| it.key.value == entry.key.value) {
                Some(known) => {
                    let fact = Fact::at(Code::DuplicateKey, entry.key.span).with("key", &entry.key.value);
                    out.push(fact.label(known.key.span, "first"));
                }
                None => inner.push(entry),
            }
        }
        let value = Node { span: whole(parts), kind: Kind::Map(inner) };
        Node { span: whole(parts), kind: Kind::Map(vec![Entry { key, value }]) }
    }

    /// `kpi-without-goal allow "reason"`.
    pub(super) fn lints(&self, parts: &[Part], out: &mut Diagnostics) -> Node {
        let key = Spanned::new(self.slice(parts[0].span).to_owned(), parts[0].span);
        let value = match &parts[1..] {
            [severity, reason] if severity.kind == PartKind::Word && reason.kind == PartKind::Text => {
                let name = Spanned::new(self.slice(severity.span).to_owned(), severity.span);
                let entry = Entry { key: name, value: self.text_node(reason) };
                Node { span: severity.span.to(reason.span), kind: Kind::Map(vec![entry]) }
            }
            [severity] if severity.kind == PartKind::Word => Node::plain(severity.span, self.slice(severity.span)),
            _ => {
                out.push(Fact::at(Code::SyntaxError, whole(parts)).with("reason", "lint-expected"));
                Node { span: whole(parts), kind: Kind::Refused }
            }
        };
        Node { span: whole(parts), kind: Kind::Map(vec![Entry { key, value }]) }
    }

    /// `takes x: scale 1..7, y`.
    fn takes(&self, parts: &[Part]) -> Node {
        let entries = split(parts, PartKind::Comma)
            .into_iter()
            .filter(|it| !it.is_empty())
            .map(|group| {
                let key = Spanned::new(self.slice(group[0].span).to_owned(), group[0].span);
                let rest = if group.get(1).is_some_and(|it| it.kind == PartKind::Colon) { &group[2..] } else { &group[1..] };
                let value = if rest.is_empty() { Node { span: group[0].span, kind: Kind::Absent } } else { self.scalar(rest) };
                Entry { key, value }
            })
            .collect();
        Node { span: whole(parts), kind: Kind::Map(entries) }
    }

    /// `live`, `live "3 of 7 insurers"`.
    fn noted(&self, parts: &[Part]) -> Node {
        match parts {
            [word, note] if word.kind == PartKind::Word && note.kind == PartKind::Text => {
                let key = Spanned::new(self.slice(word.span).to_owned(), word.span);
                let value = self.text_node(note);
                Node { span: whole(parts), kind: Kind::Map(vec![Entry { key, value }]) }
            }
            _ => self.scalar(parts),
        }
    }
}

/// Whether a key of a record takes several values.
fn takes_list(key: &str) -> bool {
    matches!(key, "blank" | "not_applicable" | "labels" | "pays" | "recode" | "several" | "from" | "where")
}

fn whole_refs(parts: &[&Part]) -> Span {
    parts.last().map_or_else(|| Span::new(FileId(0), 0, 0), |it| it.span)
}

fn split(parts: &[Part], mark: PartKind) -> Vec<&[Part]> {
    parts.split(|it| it.kind == mark).filter(|it| !it.is_empty()).collect()
}
