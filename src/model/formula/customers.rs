//! Measures of customers over time: their named arguments, and what they ask of the source (R11).

use super::Resolver;
use crate::calendar::{Grain, Length};
use crate::model::customers::{CustomerMeasure, Customers, Forecast, Forecasted, Stretch, Walk};
use crate::model::row::{ColumnRef, RowExpr, print as print_row};
use crate::model::types::*;
use crate::model::units_of_rows;
use crate::source::{Span, Spanned};
use crate::syntax::expr::{Argument, Expr, ExprKind};
use crate::value::{Code, Fact, Unit};

/// A function with named arguments.
struct Signature {
    name: &'static str,
    measure: CustomerMeasure,
    /// Whether it begins with an amount, with a source, or with a name.
    first: First,
    /// The named arguments that it needs, and those that it may have.
    needs: &'static [&'static str],
    may: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Source,
    Amount,
    Nothing,
}

const THERE: &[&str] = &["active", "inactive after"];

const SIGNATURES: [Signature; 16] = [
    of("retention.rolling", CustomerMeasure::Retained, First::Source, &["over"], THERE),
    of("retention.cohort", CustomerMeasure::Retained, First::Source, &["after"], THERE),
    of("churn.customers", CustomerMeasure::Lost, First::Source, &["per"], THERE),
    of("churn.revenue_gross", CustomerMeasure::GrossLoss, First::Amount, &["per"], THERE),
    of("churn.revenue_net", CustomerMeasure::NetLoss, First::Amount, &["per"], THERE),
    of("nrr", CustomerMeasure::NetRevenue, First::Amount, &["over"], THERE),
    of("grr", CustomerMeasure::GrossRevenue, First::Amount, &["over"], THERE),
    of("repeat_rate", CustomerMeasure::Repeated, First::Source, &["over"], &["active"]),
    of("fcr.no_repeat", CustomerMeasure::NotRepeated, First::Source, &["same", "within"], &["net_of"]),
    of("conversion", CustomerMeasure::Converted, First::Nothing, &["from", "to", "same", "within"], &["net_of"]),
    of("clv.historic", CustomerMeasure::Brought, First::Amount, &[], &[]),
    of("clv.bgnbd", forecast(Forecasted::Value), First::Amount, &["horizon"], &["active", "discount"]),
    of("clv.bgnbd_total", forecast(Forecasted::Total), First::Amount, &["horizon"], &["active", "discount"]),
    of("clv.bgnbd_purchases", forecast(Forecasted::Purchases), First::Source, &["horizon"], &["active"]),
    of("clv.bgnbd_alive", forecast(Forecasted::Alive), First::Source, &[], &["active"]),
    of("clv.bgnbd_margin", forecast(Forecasted::Margin), First::Amount, &[], &["active"]),
];

const fn of(
    name: &'static str,
    measure: CustomerMeasure,
    first: First,
    needs: &'static [&'static str],
    may: &'static [&'static str],
) -> Signature {
    Signature { name, measure, first, needs, may }
}

/// A forecast, before its horizon is known.
const fn forecast(of: Forecasted) -> CustomerMeasure {
    CustomerMeasure::Forecast(Forecast { of, horizon: None, discount: None })
}

/// The names of these functions.
pub(in crate::model) fn names() -> impl Iterator<Item = &'static str> {
    SIGNATURES.iter().map(|it| it.name)
}

/// Whether a function is one of these.
pub(in crate::model) fn is_customers(name: &str) -> bool {
    SIGNATURES.iter().any(|it| it.name == name)
}

/// The arguments of a call: those without a name, then each name with what follows it.
pub(super) struct Named<'e> {
    pub plain: Vec<&'e Expr>,
    named: Vec<(&'e Spanned<String>, Vec<&'e Expr>)>,
}

impl<'e> Named<'e> {
    pub fn get(&self, name: &str) -> Option<&'e Expr> {
        self.all(name).first().copied()
    }

    pub fn all(&self, name: &str) -> &[&'e Expr] {
        self.named.iter().find(|it| words(&it.0.value) == name).map_or(&[], |it| &it.1)
    }
}

/// A name of several words with one space between them.
fn words(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Resolver<'_, '_> {
    /// Sorts the arguments of a call by their names; what is unknown, doubled or lacking is reported.
    pub(super) fn named<'e>(
        &mut self,
        whole: &Expr,
        function: &str,
        arguments: &'e [Argument],
        (needs, may): (&[&str], &[&str]),
    ) -> Option<Named<'e>> {
        let mut found = Named { plain: Vec::new(), named: Vec::new() };
        let mut complete = true;
        for argument in arguments {
            let Some(name) = &argument.name else {
                match found.named.last_mut() {
                    // `same: customer, reason`: a list goes on until the next name.
                    Some((name, list)) if name.value == "same" => list.push(&argument.value),
                    Some(_) => {
                        let fact = Fact::at(Code::WrongArguments, argument.value.span).with("function", function);
                        self.push(fact.with("stray", "yes"));
                        complete = false;
                    }
                    None => found.plain.push(&argument.value),
                }
                continue;
            };
            let said = words(&name.value);
            if !needs.contains(&said.as_str()) && !may.contains(&said.as_str()) {
                let fact = Fact::at(Code::WrongArguments, name.span).with("function", function).with("unknown", &said);
                self.push(fact.did_you_mean(&said, name.span, needs.iter().chain(may)));
                complete = false;
                continue;
            }
            if let Some((first, _)) = found.named.iter().find(|it| words(&it.0.value) == said) {
                let fact = Fact::at(Code::WrongArguments, name.span).with("function", function).with("twice", &said);
                let fact = fact.label(first.span, "first");
                self.push(fact);
                complete = false;
                continue;
            }
            found.named.push((name, vec![&argument.value]));
        }
        let lacking: Vec<&str> = needs.iter().copied().filter(|it| found.get(it).is_none()).collect();
        if !lacking.is_empty() && complete {
            self.lacking(whole, function, &lacking);
            complete = false;
        }
        complete.then_some(found)
    }

    fn lacking(&mut self, whole: &Expr, function: &str, lacking: &[&str]) {
        let names: Vec<String> = lacking.iter().map(|it| format!("`{it}:`")).collect();
        let fact = Fact::at(Code::WrongArguments, whole.span).with("function", function).with("lacking", names.join(", "));
        self.push(fact.with("first", lacking[0]));
    }

    /// A measure of customers over time.
    pub(super) fn customers(
        &mut self,
        whole: &Expr,
        name: &str,
        place: Span,
        arguments: &[Argument],
        filter: Option<&Expr>,
    ) -> Option<KpiExpr> {
        let signature = SIGNATURES.iter().find(|it| it.name == name)?;
        let found = self.named(whole, name, arguments, (signature.needs, signature.may))?;
        let wanted = usize::from(signature.first != First::Nothing);
        if found.plain.len() != wanted {
            self.wrong_arguments(whole.span, name, if wanted == 0 { "0" } else { "1 unnamed" }, found.plain.len());
            return None;
        }
        // Lengths and grains name no source.
        let names_rows =
            |it: &&Argument| it.name.as_ref().is_none_or(|it| matches!(words(&it.value).as_str(), "active" | "from" | "to" | "net_of"));
        let telling: Vec<Argument> = arguments.iter().filter(names_rows).cloned().collect();
        let source = self.source_of(whole, name, &telling, filter)?;
        let data = &self.builder.model.sources[source.index()];
        if data.broken {
            return None;
        }
        let rows = data.rows;
        self.fits_rows(whole, signature, &found, rows, source)?;
        let window = self.stretch(signature, &found, source)?;
        let amount = match (signature.first, found.plain.first()) {
            (First::Amount, Some(value)) => Some(self.number(value, source)?),
            (First::Source, Some(value)) => {
                self.whole_source(name, value, source)?;
                None
            }
            _ => None,
        };
        let active = match found.get("active") {
            Some(it) => Some(self.rows_condition(it, source)?),
            None => None,
        };
        let inactive = match found.get("inactive after") {
            Some(it) => Some(self.length(it)?),
            None => None,
        };
        let by = self.by(whole, name, &found, source)?;
        let own = match filter {
            Some(it) => Some(self.rows_condition(it, source)?),
            None => None,
        };
        let own = match found.get("net_of") {
            // What cannot be counted is known to be so: a row of which it is unknown stays.
            Some(it) => {
                let out = self.rows_condition(it, source)?;
                let known = RowExpr::Coalesce(vec![out, RowExpr::Bool(false)]);
                RowExpr::both(own, Some(RowExpr::Not(Box::new(known))))
            }
            None => own,
        };
        let outer = match self.context.filter.clone() {
            Some(it) => Some(self.rows_condition(&it, source)?),
            None => None,
        };
        let unit = match signature.measure {
            CustomerMeasure::NetRevenue | CustomerMeasure::NetLoss => Unit::PercentOfStart,
            CustomerMeasure::Forecast(Forecast { of: Forecasted::Alive, .. }) => Unit::Percent,
            CustomerMeasure::Forecast(Forecast { of: Forecasted::Purchases, .. }) => Unit::Number,
            CustomerMeasure::Brought | CustomerMeasure::Forecast(_) => {
                amount.as_ref().map_or(Unit::Number, |it| units_of_rows::unit_of(&self.builder.model, it))
            }
            _ => Unit::Percent,
        };
        let time = self.timed(whole, name, source)?;
        self.unweighted(place, name, source)?;
        let filter = RowExpr::both(own, outer);
        let measure = match signature.measure {
            CustomerMeasure::Forecast(it) => {
                let horizon = match found.get("horizon") {
                    Some(it) => Some(self.horizon(it)?),
                    None => None,
                };
                let discount = match found.get("discount") {
                    Some(it) => Some(self.rate(it)?),
                    None => None,
                };
                CustomerMeasure::Forecast(Forecast { horizon, discount, ..it })
            }
            other => other,
        };
        let customers = Customers { measure, walk: Walk { by, active, inactive, window }, amount };
        let text = self.print_customers(name, &customers, filter.as_ref(), source);
        let function = Function::Customers(Box::new(customers));
        let aggregate = Aggregate { span: whole.span, source, function, filter, weight: None, cluster: None, time: Some(time), text };
        Some(KpiExpr { span: whole.span, unit, kind: KpiKind::Aggregate(aggregate.into()) })
    }

    /// Whether the rows of the source are of the kind that the function walks, and the rule of being there is said where
    /// rows do not tell.
    fn fits_rows(&mut self, whole: &Expr, signature: &Signature, found: &Named<'_>, rows: Rows, source: SourceId) -> Option<()> {
        let name = signature.name;
        let of_events = !signature.may.contains(&"inactive after");
        if of_events && rows != Rows::Events {
            let data = &self.builder.model.sources[source.index()];
            let fact = Fact::at(Code::WrongArguments, whole.span).with("function", name).with("rows", "events");
            let fact = fact.with("name", &data.name).label(data.span, "source");
            self.push(fact);
            return None;
        }
        if of_events {
            return Some(());
        }
        let lacking: Vec<&str> = THERE.iter().copied().filter(|it| found.get(it).is_none()).collect();
        if rows == Rows::Events && !lacking.is_empty() {
            self.lacking(whole, name, &lacking);
            return None;
        }
        if rows != Rows::Events
            && let Some(it) = found.get("inactive after")
        {
            // A state holds until it ends.
            let fact = Fact::at(Code::WrongArguments, it.span).with("function", name).with("states", "yes");
            self.push(fact);
            return None;
        }
        Some(())
    }

    fn stretch(&mut self, signature: &Signature, found: &Named<'_>, source: SourceId) -> Option<Stretch> {
        if let Some(it) = found.get("per") {
            let named = match &it.kind {
                ExprKind::Path(path) => Grain::named(&path.text()).filter(|it| *it != Grain::All),
                _ => None,
            };
            if named.is_none() {
                self.push(Fact::at(Code::FormulaError, it.span).with("reason", "grain-expected"));
            }
            return named.map(Stretch::Per);
        }
        if let Some(it) = found.get("after") {
            return self.length(it).map(Stretch::Cohort);
        }
        if let Some(it) = found.get("within") {
            let within = self.length(it)?;
            let mut condition = |it: &str| match found.get(it) {
                Some(it) => self.rows_condition(it, source).map(Some),
                None => Some(None),
            };
            return Some(Stretch::After { from: condition("from")?, to: condition("to")?, within });
        }
        match found.get("over") {
            None if matches!(signature.measure, CustomerMeasure::Forecast(_)) => Some(Stretch::Purchases),
            None => Some(Stretch::History),
            Some(it) if signature.measure == CustomerMeasure::Repeated => self.length(it).map(Stretch::Within),
            Some(it) => self.length(it).map(Stretch::Over),
        }
    }

    /// How far a forecast looks ahead: not so far that every customer has left.
    fn horizon(&mut self, parsed: &Expr) -> Option<Length> {
        let length = self.length(parsed)?;
        let (months, days) = (length.periods_of(Grain::Month), length.periods_of(Grain::Day));
        if months.is_some_and(|it| it > 120) || days.is_some_and(|it| it > 3_653) {
            self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "horizon"));
            return None;
        }
        Some(length)
    }

    /// The columns that tell customers, or issues, apart.
    fn by(&mut self, whole: &Expr, name: &str, found: &Named<'_>, source: SourceId) -> Option<Vec<usize>> {
        let same = found.all("same");
        if same.is_empty() {
            let data = &self.builder.model.sources[source.index()];
            let Some(customer) = data.customer else {
                let fact = Fact::at(Code::NeedsCustomer, whole.span).with("function", name).with("name", &data.name);
                let fact = fact.label(data.span, "source");
                self.push(fact);
                return None;
            };
            return Some(vec![customer]);
        }
        let mut by = Vec::new();
        for it in same {
            let (expr, _) = self.any(it, source)?;
            match expr {
                RowExpr::Column(ColumnRef { through: None, column, .. }) => by.push(column as usize),
                _ => {
                    self.push(Fact::at(Code::FormulaError, it.span).with("reason", "column-expected"));
                    return None;
                }
            }
        }
        Some(by)
    }

    /// That a value is the source itself.
    fn whole_source(&mut self, name: &str, value: &Expr, source: SourceId) -> Option<()> {
        if let ExprKind::Path(path) = &value.kind
            && self.builder.names.find_source(&path.names) == Some((source.index(), path.names.len()))
        {
            return Some(());
        }
        self.push(Fact::at(Code::WrongArguments, value.span).with("function", name).with("source", "yes"));
        None
    }

    fn timed(&mut self, whole: &Expr, name: &str, source: SourceId) -> Option<usize> {
        let data = &self.builder.model.sources[source.index()];
        let (own, rows) = (data.time, data.rows);
        // Spans have two days: another one of them alone says nothing.
        let said = self.context.time.clone().filter(|_| rows != Rows::Spans);
        let time = self.chosen(said, own, source, Some(ColumnType::Date))?;
        if time.is_none() {
            let data = &self.builder.model.sources[source.index()];
            let fact = Fact::at(Code::NeedsTime, whole.span).with("function", name).with("name", &data.name);
            let fact = fact.label(data.span, "source");
            self.push(fact);
        }
        time
    }

    /// A customer counts once, whatever a row weighs.
    fn unweighted(&mut self, place: Span, name: &str, source: SourceId) -> Option<()> {
        let own = self.builder.model.sources[source.index()].weight;
        let weight = self.chosen(self.context.weight.clone(), own, source, Some(ColumnType::Number))?;
        if weight.is_some() {
            self.push(Fact::at(Code::NotYet, place).with("what", name).with("weighted", "yes"));
            return None;
        }
        Some(())
    }

    fn print_customers(&self, name: &str, of: &Customers, filter: Option<&RowExpr>, source: SourceId) -> String {
        let model = &self.builder.model;
        let data = &model.sources[source.index()];
        let row = |it: &RowExpr| print_row(model, it);
        let mut parts: Vec<String> = Vec::new();
        match (&of.amount, &of.walk.window) {
            (Some(amount), _) => parts.push(row(amount)),
            (None, Stretch::After { from: Some(_), .. }) => {}
            (None, _) => parts.push(data.name.clone()),
        }
        match &of.walk.window {
            Stretch::Over(length) | Stretch::Within(length) => parts.push(format!("over: {length}")),
            Stretch::Per(grain) => parts.push(format!("per: {grain}")),
            Stretch::Cohort(length) => parts.push(format!("after: {length}")),
            Stretch::After { within, from, to } => {
                parts.extend(from.iter().map(|it| format!("from: {}", row(it))));
                parts.extend(to.iter().map(|it| format!("to: {}", row(it))));
                let same: Vec<&str> = of.walk.by.iter().map(|it| data.columns[*it].name.as_str()).collect();
                parts.push(format!("same: {}", same.join(", ")));
                parts.push(format!("within: {within}"));
            }
            Stretch::History | Stretch::Purchases => {}
        }
        if let CustomerMeasure::Forecast(of) = &of.measure {
            parts.extend(of.horizon.iter().map(|it| format!("horizon: {it}")));
            parts.extend(of.discount.iter().map(|it| format!("discount: {it}")));
        }
        parts.extend(of.walk.active.iter().map(|it| format!("active: {}", row(it))));
        parts.extend(of.walk.inactive.iter().map(|it| format!("inactive after: {it}")));
        match filter {
            Some(filter) => format!("{name}({} where {})", parts.join(", "), row(filter)),
            None => format!("{name}({})", parts.join(", ")),
        }
    }
}
