//! Figures that are assumed: one, or one for each value of a dimension, with the ends between which they lie (R23).

use super::body::is_broken;
use super::build::Builder;
use super::norms::amount;
use super::row::{Comparison, RowExpr};
use super::rows::{did_you_mean_text, dimension_values, seconds};
use super::types::{DimensionId, Text};
use crate::calendar::Period;
use crate::source::{Span, Spanned};
use crate::syntax::{Kind, Node, Word, schema::ESTIMATE_KEYS};
use crate::value::{Code, Fact, RateBase, Unit};

/// A figure that nobody has measured.
#[derive(Clone, Debug)]
pub struct Assumption {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    pub unit: Unit,
    /// What is assumed; beside values of a dimension, what is assumed of the others.
    pub value: Option<Estimate>,
    /// What is assumed of each value of a dimension.
    pub by: Option<(DimensionId, Vec<(String, Estimate)>)>,
    /// Where it comes from.
    pub source: Text,
    /// When it was made.
    pub date: Option<Period>,
    /// The last period that it is meant for.
    pub until: Option<Period>,
    /// Whether something in it was wrong, and reported.
    pub broken: bool,
}

/// What is assumed, and perhaps between which ends; in the unit of the assumption.
#[derive(Clone, Debug)]
pub struct Estimate {
    pub span: Span,
    pub base: f64,
    /// The lowest and the highest that it may be.
    pub ends: Option<(f64, f64)>,
}

impl Assumption {
    /// What is assumed of a value of its dimension; without a value, what is assumed of all.
    pub fn estimate(&self, value: Option<&str>) -> Option<&Estimate> {
        match (&self.by, value) {
            (None, _) => self.value.as_ref(),
            (Some(_), None) => None,
            (Some((_, values)), Some(value)) => values.iter().find(|it| it.0 == value).map(|it| &it.1).or(self.value.as_ref()),
        }
    }

    /// All estimates, in the order of writing.
    pub fn estimates(&self) -> impl Iterator<Item = &Estimate> {
        self.value.iter().chain(self.by.iter().flat_map(|it| &it.1).map(|it| &it.1))
    }
}

/// The one value of a dimension that a condition leaves.
pub fn fixed_value(part: &RowExpr, dimension: DimensionId) -> Option<&str> {
    let is_it = |it: &RowExpr| *it == RowExpr::Dimension(dimension);
    match part {
        RowExpr::And(a, b) => fixed_value(a, dimension).or_else(|| fixed_value(b, dimension)),
        RowExpr::Compare(Comparison::Equal, a, b) => match (a.as_ref(), b.as_ref()) {
            (of, RowExpr::Text(text)) | (RowExpr::Text(text), of) if is_it(of) => Some(text),
            _ => None,
        },
        RowExpr::In(of, list) if is_it(of) => match list.as_slice() {
            [RowExpr::Text(text)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// A quantity as it was written.
struct Quantity {
    span: Span,
    value: f64,
    unit: Option<String>,
}

/// Resolves all assumptions.
pub(super) fn assumptions(builder: &mut Builder<'_>) {
    for named in builder.names.of(Word::Assumption).to_vec() {
        let body = named.body;
        let before = builder.out.len();
        let mut reader = Reader { builder, name: named.name, unit: None, said: None };
        let mut assumption = reader.read(body);
        assumption.broken = is_broken(body) || builder.out.len() > before;
        builder.model.assumptions.push(assumption);
        builder.item_lints(Word::Assumption, named);
    }
}

struct Reader<'b, 'd, 'n> {
    builder: &'b mut Builder<'d>,
    name: &'n Spanned<String>,
    /// The unit of the first value, and where it stands; `unit` says it for all.
    unit: Option<(Unit, Span)>,
    /// The unit that `unit` says, with the factor to the one that values are kept in.
    said: Option<(Unit, f64)>,
}

impl Reader<'_, '_, '_> {
    fn read(&mut self, body: &Node) -> Assumption {
        if let Some(node) = body.get("unit")
            && let Some(text) = node.text()
        {
            match self.unit_named(text.trim()) {
                Some(it) => {
                    self.unit = Some((it.0.clone(), node.span));
                    self.said = Some(it);
                }
                None => self.builder.wrong("unit", "assumed unit", node),
            }
        }
        self.unit = self.unit.take().or_else(|| self.written_unit(body));
        let value = self.estimate(body, self.name.span);
        let by = self.by(body);
        // An end without its middle was reported.
        let says_any = ["low", "base", "high", "by", "values"].iter().any(|it| body.get(it).is_some());
        if !says_any && !is_broken(body) {
            self.missing("base", self.name.span);
        }
        let made = self.builder.period(body, "date", "date");
        let until = self.builder.period(body, "until", "date");
        let calendar = &self.builder.model.project.calendar;
        if let (Some(made), Some(last)) = (made, until)
            && last.end(calendar) <= made.start(calendar)
            && let Some(node) = body.get("until")
        {
            self.builder.wrong("until", "later date", node);
        }
        Assumption {
            name: self.name.value.clone(),
            span: self.name.span,
            title: self.builder.text(body, "title"),
            description: self.builder.text(body, "description"),
            unit: self.unit.take().map_or(Unit::Number, |it| it.0),
            value,
            by,
            source: self.builder.text(body, "source"),
            date: made,
            until,
            broken: false,
        }
    }

    /// The first unit that stands with a value: those without one are what is wrong.
    fn written_unit(&self, body: &Node) -> Option<(Unit, Span)> {
        let of = |body: &Node| ESTIMATE_KEYS.iter().filter_map(|it| body.get(it)).cloned().collect::<Vec<Node>>();
        let mut nodes = of(body);
        for entry in body.get("values").map_or(&[][..], Node::entries) {
            nodes.extend(if entry.value.text().is_some() { vec![entry.value.clone()] } else { of(&entry.value) });
        }
        nodes.iter().find_map(|node| Some((self.unit_named(&amount(node.text()?.trim())?.1?)?.0, node.span)))
    }

    /// `by region` and `values "N" low 1 base 2 high 3`: each needs the other.
    fn by(&mut self, body: &Node) -> Option<(DimensionId, Vec<(String, Estimate)>)> {
        let dimension = body.get("by").and_then(Node::spanned);
        let values = body.get("values").filter(|it| !it.is_refused());
        let dimension = match (dimension, values) {
            (None, None) => return None,
            (Some(_), None) => {
                if body.get("values").is_none() {
                    self.missing("values", self.name.span);
                }
                return None;
            }
            (None, Some(node)) => {
                if body.get("by").is_none() {
                    self.missing("by", node.span);
                }
                return None;
            }
            (Some(name), Some(_)) => {
                let wanted = super::body::strip_word(&name.value, "dimension").to_owned();
                self.builder.names.resolve(Word::Dimension, &wanted, name.span, self.builder.out)?
            }
        };
        let id = DimensionId(dimension as u32);
        let mut list: Vec<(String, Estimate)> = Vec::new();
        for entry in values.map_or(&[][..], Node::entries) {
            let code = self.code(id, &entry.key);
            let estimate = match &entry.value.kind {
                Kind::Scalar(_) => {
                    let base = self.quantity(&entry.value, "base");
                    base.map(|it| Estimate { span: entry.key.span, base: it.value, ends: None })
                }
                _ => self.estimate(&entry.value, entry.key.span),
            };
            if let (Some(code), Some(estimate)) = (code, estimate) {
                if list.iter().any(|it| it.0 == code) {
                    self.builder.out.push(Fact::at(Code::DuplicateKey, entry.key.span).with("key", &entry.key.value));
                }
                list.push((code, estimate));
            }
        }
        Some((id, list))
    }

    /// The value of the dimension that a code or label stands for.
    fn code(&mut self, id: DimensionId, key: &Spanned<String>) -> Option<String> {
        let text = key.value.trim();
        let Some(known) = dimension_values(&self.builder.model, id) else { return Some(text.to_owned()) };
        if let Some((code, _)) = known.iter().find(|(code, labels)| code == text || labels.iter().any(|it| it == text)) {
            return Some(code.clone());
        }
        let dimension = &self.builder.model.dimensions[id.index()];
        let labels: Vec<String> = known.iter().map(|(code, labels)| labels.first().unwrap_or(code).clone()).collect();
        let fact = Fact::at(Code::UnknownLabel, key.span).with("name", text).with("column", &dimension.name);
        let fact = fact.with("labels", labels.join(", ")).label(dimension.span, "dimension");
        self.builder.out.push(did_you_mean_text(fact, text, key.span, &labels));
        None
    }

    fn missing(&mut self, key: &str, span: Span) {
        let fact = Fact::at(Code::MissingKey, span).with("key", key).with("word", "assumption");
        self.builder.out.push(fact.with("name", &self.name.value));
    }

    /// `low`, `base` and `high` of a mapping; the ends come together, and not without what lies between them.
    fn estimate(&mut self, body: &Node, place: Span) -> Option<Estimate> {
        let [low, base, high] = [0, 1, 2].map(|it| {
            let key = ESTIMATE_KEYS[it];
            let node = body.get(key).filter(|it| !it.is_refused());
            node.and_then(|node| self.quantity(node, key))
        });
        let [no_low, no_base, no_high] = [0, 1, 2].map(|it| body.get(ESTIMATE_KEYS[it]).is_none());
        let lacking = match (no_low, no_base, no_high) {
            (false, false, true) => Some("high"),
            (true, false, false) => Some("low"),
            (false, true, _) | (_, true, false) => Some("base"),
            _ => None,
        };
        if let Some(key) = lacking {
            self.missing(key, place);
        }
        let base = base?;
        let ends = match (&low, &high) {
            (Some(low), Some(high)) => {
                let ordered = low.value <= base.value && base.value <= high.value;
                if !ordered {
                    let (first, second, names) =
                        if low.value > base.value { (low, &base, ("low", "base")) } else { (&base, high, ("base", "high")) };
                    let fact = Fact::at(Code::AssumptionOrder, first.span).with("name", &self.name.value);
                    let fact = fact.with("first", names.0).with("second", names.1);
                    self.builder.out.push(fact.label(second.span, "second"));
                }
                ordered.then_some((low.value, high.value))
            }
            _ => None,
        };
        Some(Estimate { span: place, base: base.value, ends })
    }

    /// `0.95 EUR`, `40 %`, `12 min`, in the unit of the assumption.
    fn quantity(&mut self, node: &Node, key: &str) -> Option<Quantity> {
        let text = node.text()?.trim().to_owned();
        let Some((value, unit, None)) = amount(&text) else {
            let fact = Fact::at(Code::WrongValue, node.span).with("key", key).with("expected", "quantity");
            self.builder.out.push(fact.with("found", format!("`{text}`")));
            return None;
        };
        let quantity = Quantity { span: node.span, value, unit };
        self.in_unit(quantity)
    }

    /// The quantity in the unit that all values of the assumption have.
    fn in_unit(&mut self, quantity: Quantity) -> Option<Quantity> {
        let own = match &quantity.unit {
            Some(text) => self.unit_named(text),
            None => Some(self.said.clone().unwrap_or((Unit::Number, 1.0))),
        };
        let (unit, factor) = own?;
        match &self.unit {
            None => self.unit = Some((unit, quantity.span)),
            Some((known, _)) if *known == unit => {}
            Some((known, place)) => {
                let fact = Fact::at(Code::UnitConflict, quantity.span).with("assumption", "yes").with("found", known.name());
                let fact = fact.with("written", quantity.unit.as_deref().unwrap_or("-"));
                self.builder.out.push(fact.label(*place, "unit"));
                return None;
            }
        }
        Some(Quantity { value: quantity.value * factor, ..quantity })
    }

    fn unit_named(&self, text: &str) -> Option<(Unit, f64)> {
        let currency = self.builder.model.project.currency.as_deref().filter(|_| text == "money");
        let text = currency.unwrap_or(text);
        if let Some((of, per)) = text.split_once(" per ") {
            let per = per.trim();
            let base = RateBase::ALL.into_iter().find(|it| it.name() == per)?;
            let (of, factor) = self.unit_named(of.trim())?;
            // A percentage that a figure gains is one of points.
            let of = if of == Unit::Percent { Unit::PercentagePoints } else { of };
            return (!matches!(of, Unit::Rate { .. })).then(|| (Unit::Rate { of: Box::new(of), per: base }, factor));
        }
        Some(match text {
            "%" => (Unit::Percent, 1.0),
            "percentage points" | "pp" => (Unit::PercentagePoints, 1.0),
            "points" => (Unit::Points, 1.0),
            "count" => (Unit::Count, 1.0),
            "ratio" => (Unit::Ratio, 1.0),
            "number" => (Unit::Number, 1.0),
            _ if super::body::is_currency(text) => (Unit::Money(text.to_owned()), 1.0),
            _ => (Unit::Duration, seconds(text)? as f64),
        })
    }
}
