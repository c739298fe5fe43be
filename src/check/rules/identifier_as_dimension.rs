//! A dimension whose values are persons: figures by it are figures of one customer each.

use super::measure::column_of;
use super::name_words::column_holds;
use super::{Subject, about};
use crate::model::RowExpr;
use crate::value::{Code, Diagnostics};

pub(super) const IDENTIFIERS: [&str; 33] = [
    "email", "emailaddress", "emailadres", "phonenumber", "telephonenumber", "telefoonnummer", "mobilenumber", "bsn", "burgerservicenummer",
    "ssn", "socialsecurity", "passport", "passportnumber", "paspoort", "paspoortnummer", "iban", "surname", "lastname", "firstname",
    "fullname", "achternaam", "voornaam", "customername", "klantnaam", "customerid", "customernumber", "klantnummer", "klantid",
    "geboortedatum", "birthdate", "dateofbirth", "streetaddress", "ipaddress",
];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for dimension in model.dimensions.iter().filter(|it| it.values.is_empty()) {
        for (_, expr) in &dimension.from {
            let RowExpr::Column(column) = expr else { continue };
            let (source, declared) = column_of(model, *column);
            let at = column.column as usize;
            // A list of contracts or branches holds no persons.
            if source.no_persons || !declared.labels.is_empty() {
                continue;
            }
            if source.customer == Some(at) || column_holds(declared, &IDENTIFIERS) {
                let fact = about(Code::IdentifierAsDimension, "dimension", &dimension.name, dimension.span).with("column", &declared.name);
                let fact = fact.with_some("customer", (source.customer == Some(at)).then_some("yes"));
                out.push(fact.label(declared.span, "column"));
                break;
            }
        }
    }
}
