//! A text that is written per language, and not in a language that a report is written in.

use super::{Subject, about};
use crate::model::{Model, Text};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};
use crate::words::Lang;

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let written = |lang: Lang| model.reports.iter().any(|it| it.language.unwrap_or(model.project.language) == lang);
    for lang in [Lang::Nl, Lang::En].into_iter().filter(|it| written(*it)) {
        let lacks = |text: &Text| {
            let (own, other) = match lang {
                Lang::Nl => (&text.nl, &text.en),
                Lang::En => (&text.en, &text.nl),
            };
            own.is_none() && text.plain.is_none() && other.is_some()
        };
        each(model, &mut |word, name, span, key, text| {
            if lacks(text) {
                let fact = about(Code::MissingTranslation, word, name, span).with("word", word).with("key", key);
                out.push(fact.with("lang", lang.code()));
            }
        });
        if lacks(&model.project.title)
            && let Some(span) = model.project.span
        {
            let fact = Fact::at(Code::MissingTranslation, span).with("word", "project").with("key", "title");
            out.push(fact.with("lang", lang.code()));
        }
    }
}

/// Every text that a report shows, with what it is of.
fn each(model: &Model, take: &mut dyn FnMut(&str, &str, Span, &str, &Text)) {
    let project = model.project.span.into_iter().flat_map(|span| model.project.teams.iter().map(move |it| (span, it)));
    for (span, it) in project {
        take("team", &it.name, span, "title", &it.title);
    }
    for it in &model.sources {
        take("source", &it.name, it.span, "title", &it.title);
    }
    for it in &model.dimensions {
        take("dimension", &it.name, it.span, "title", &it.title);
        it.values.iter().for_each(|(_, label)| take("dimension", &it.name, it.span, "values", label));
        it.other.iter().for_each(|label| take("dimension", &it.name, it.span, "other", label));
    }
    for it in &model.kpis {
        for (key, text) in [("title", &it.title), ("description", &it.description), ("purpose", &it.purpose)] {
            take("kpi", &it.name, it.span, key, text);
        }
    }
    for it in &model.goals {
        for (key, text) in [("title", &it.title), ("description", &it.description), ("need", &it.need)] {
            take("goal", &it.name, it.span, key, text);
        }
    }
    for it in &model.enablers {
        take("enabler", &it.name, it.span, "title", &it.title);
    }
    for it in &model.touchpoints {
        take("touchpoint", &it.name, it.span, "title", &it.title);
    }
    for it in &model.journeys {
        take("journey", &it.name, it.span, "title", &it.title);
        it.stages.iter().for_each(|stage| take("stage", &stage.name, stage.span, "title", &stage.title));
    }
    for it in &model.reports {
        take("report", &it.name, it.span, "title", &it.title);
    }
    for it in &model.project.themes {
        take("theme", &it.name, it.span, "title", &it.title);
    }
}
