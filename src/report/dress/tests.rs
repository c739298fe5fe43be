//! What holds for templates as a whole: Peil's own are clean, a project's run in bounds.

use super::*;
use crate::report::fixture::dutch;
use crate::report::render::{render, render_in};

fn every() -> Asked {
    Asked {
        report: "board".to_owned(),
        kpis: vec!["nps".to_owned()],
        others: vec!["ces".to_owned()],
        sections: SectionName::ALL.iter().map(|it| it.code().to_owned()).collect(),
    }
}

/// The findings in templates of a project: code, problem or name, what is pointed at.
fn found(files: &[(&str, &str)], page: &str) -> Vec<(String, String, String)> {
    let templates: BTreeMap<String, Arc<str>> = files.iter().map(|(name, text)| ((*name).to_owned(), Arc::from(*text))).collect();
    let numbers: BTreeMap<String, FileId> = templates.keys().zip(0..).map(|(name, at)| (name.clone(), FileId(at))).collect();
    let library = library(&templates, &numbers);
    let found = lint(page, &library, &Shapes::new(), &every());
    let texts: Vec<&Arc<str>> = templates.values().collect();
    let told = found.facts.iter().map(|it| {
        let what =
            it.args.iter().find(|arg| matches!(arg.name, "problem" | "name" | "outside" | "path" | "reason")).map(|arg| arg.value.clone());
        let place = it.span.map(|span| texts[span.file.0 as usize][span.range()].to_owned());
        (it.code.name().to_owned(), what.unwrap_or_default(), place.unwrap_or_default())
    });
    told.collect()
}

/// What a block within Peil's page is told.
fn in_block(text: &str) -> Vec<(String, String, String)> {
    let page = format!("{{% extends \"peil/report.html\" %}}{{% block after_brief %}}{text}{{% endblock %}}");
    found(&[("page.html", &page)], "page.html")
}

fn dressed(files: &[(&str, &str)], page: &str) -> Result<String, String> {
    let templates = files.iter().map(|(name, text)| ((*name).to_owned(), Arc::from(*text))).collect();
    let mut view = dutch();
    view.kpis = view
        .sections
        .iter()
        .find_map(|it| if let crate::report::view::Section::Scorecards(it) = it { Some(&it.cards) } else { None })
        .into_iter()
        .flatten()
        .map(|card| (card.key.as_str().to_owned(), card.clone()))
        .collect();
    let dress = Dress { template: Some(page.to_owned()), templates: Arc::new(templates), ..Dress::default() };
    render_in(&view, &dress).map_err(|it| it.to_string())
}

#[test]
fn own_templates_say_only_what_pages_show() {
    // Read as if a project had them, so that every rule holds for them too.
    let files: Vec<(&str, &str)> = TEMPLATES.to_vec();
    assert_eq!(found(&files, "report.html"), []);
    let used = {
        let templates = BTreeMap::new();
        let library = library(&templates, &BTreeMap::new());
        lint("report.html", &library, &Shapes::new(), &every()).used
    };
    for (name, _) in TEMPLATES {
        assert!(used.contains(name), "{name} is used by no page");
    }
}

#[test]
fn every_name_of_a_template_is_written_down() {
    let templates = BTreeMap::new();
    let library = library(&templates, &BTreeMap::new());
    let names = lint("report.html", &library, &Shapes::new(), &every()).names;
    let schema = schema();
    let known = schema.get("properties").and_then(serde_json::Value::as_object).expect("a record");
    let page = context_page();
    for name in &names {
        assert!(known.contains_key(name), "{name} is not in the schema");
        assert!(page.contains(&format!("| `{name}` |")), "{name} is not on the page");
    }
    for name in ["d", "loop", "p", "section", "kpis", "view"] {
        assert!(names.contains(name), "{name}: {names:?}");
    }
    // And what is written down is there: in a block behind a section, and in the template of one.
    let all = "{{ p.chip('act') }}{{ section.kind }}{{ loop.index }}{% if d %}x{% endif %}";
    assert_eq!(in_block(all), []);
    assert_eq!(found(&[("page.html", "{% extends \"peil/report.html\" %}"), ("brief.html", all)], "page.html"), []);
    assert!(dressed(&[("brief.html", all)], "report.html").is_ok_and(|it| it.contains("st-act")));
}

#[test]
fn a_mail_is_begun_with_its_blocks() {
    let begun = ejected(MAIL).expect("a mail");
    let templates = BTreeMap::from([(MAIL.to_owned(), Arc::<str>::from(begun.as_str()))]);
    let numbers = BTreeMap::from([(MAIL.to_owned(), FileId(0))]);
    assert_eq!(lint_mail(&library(&templates, &numbers), &Shapes::new(), &every()).facts, []);
    for block in lint::blocks_of(OWN_MAIL) {
        assert!(begun.contains(&format!("{{% block {block} %}}")), "{block}");
    }
    let mailed = |templates: Arc<BTreeMap<String, Arc<str>>>, template: Option<&str>| {
        let dress = Dress { template: template.map(str::to_owned), templates, ..Dress::default() };
        crate::report::forms::mail::mail(&dutch(), &dress).expect("a mail")
    };
    let same = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(same(&mailed(Arc::new(templates), Some("report.html"))), same(&mailed(Arc::default(), None)));
}

#[test]
fn macros_that_call_one_another_end() {
    let calls = "{{ m(kpis.nps) }}".repeat(40);
    let own = format!("{{% macro m(it) %}}{{{{ it.title }}}}{calls}{{% endmacro %}}{calls}");
    assert_eq!(in_block(&own), []);
    let pair = "{% macro a(it) %}{{ b(it) }}{% endmacro %}{% macro b(it) %}{{ a(it) }}{% endmacro %}{{ a(1) }}";
    assert!(in_block(pair).iter().all(|it| it.0 == "unknown-in-template"));
}

#[test]
fn every_section_has_a_block_behind_it() {
    let blocks: Vec<String> = blocks().into_iter().map(|it| it.0).collect();
    for section in SectionName::ALL {
        assert!(blocks.contains(&format!("after_{}", section.code())), "{}", section.code());
    }
}

#[test]
fn the_pages_of_a_site_have_the_blocks_of_the_page() {
    let of = |text: &str| lint::blocks_of(text).into_iter().collect::<BTreeSet<_>>();
    let page = TEMPLATES.iter().find(|it| it.0 == "report.html").expect("the page").1;
    assert_eq!(of(crate::report::forms::site::PAGE), of(page));
}

#[test]
fn a_mail_gets_what_mail_programs_show() {
    let mail = |text: &str| {
        let templates = BTreeMap::from([(MAIL.to_owned(), Arc::<str>::from(text))]);
        let numbers = BTreeMap::from([(MAIL.to_owned(), FileId(0))]);
        let found = lint_mail(&library(&templates, &numbers), &Shapes::new(), &every());
        found.facts.iter().map(|it| it.span.map(|it| text[it.range()].to_owned()).unwrap_or_default()).collect::<Vec<_>>()
    };
    let block = |text: &str| format!("{{% extends \"peil/mail.html\" %}}{{% block footer %}}{text}{{% endblock %}}");
    assert_eq!(mail(&block("{{ kpis.nps.title }} {{ view.title }} {{ w.skip }} {{ super() }}")), Vec::<String>::new());
    assert_eq!(mail("<p>{{ view.title }}</p>"), Vec::<String>::new());
    // Drawings are taken out on the way; what Peil's own mail is given is for it alone.
    for name in ["charts", "anchors", "logo", "css", "t", "most", "whole"] {
        assert_eq!(mail(&block(&format!("{{% if {name} %}}x{{% endif %}}"))), [name]);
    }
    assert_eq!(mail("{% extends \"peil/mail.html\" %}{% block after_brief %}x{% endblock %}"), ["after_brief"]);
}

#[test]
fn ejected_templates_make_the_same_page() {
    let pages = own_names().into_iter().filter(|it| *it != MAIL);
    let texts: Vec<(String, String)> = pages.map(|it| (it.to_owned(), ejected(it).expect("one of ours"))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(found(&files, "report.html"), []);
    let page = dressed(&files, "report.html").expect("a page");
    let same = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(same(&page), same(&render(&dutch()).expect("a page")));
    for (name, text) in &texts {
        let (of, hash, _) = describe::origin(text).expect("a line of where it is from");
        let own = TEMPLATES.iter().find(|it| it.0 == name).expect("one of ours").1;
        assert_eq!((of, hash), (name.as_str(), describe::fingerprint(own).as_str()));
    }
}

#[test]
fn what_can_never_be_so_is_told() {
    let told = |text: &str| {
        let found = in_block(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].0, "never-equal", "{text}");
        found[0].2.clone()
    };
    for (text, expected) in [
        ("{% if kpis.nps.status.code == 'actt' %}x{% endif %}", "'actt'"),
        ("{% if 'actt' != kpis.nps.status.code %}x{% endif %}", "'actt'"),
        ("{% if kpis.nps.status.code in ['act', 'wacht'] %}x{% endif %}", "'wacht'"),
        ("{% if kpis.nps.status.code not in ('act', 'wacht') %}x{% endif %}", "'wacht'"),
        ("{% if kpis.nps.status.code is eq('Act') %}x{% endif %}", "'Act'"),
        ("{% if kpis.nps.status.code == '' %}x{% endif %}", "''"),
        ("{% if kpis.nps.status == 'act' %}x{% endif %}", "'act'"),
        ("{% if kpis.nps.signal == 'yes' %}x{% endif %}", "'yes'"),
        ("{% if kpis.nps.figure.number == '0' %}x{% endif %}", "'0'"),
        ("{% if section.kind == 'scorecard' %}x{% endif %}", "'scorecard'"),
        ("{% for it in view.sections %}{% if it.kind == 'scorecard' %}x{% endif %}{% endfor %}", "'scorecard'"),
        ("{% for it in kpis.nps.deltas %}{% if it.tone == 'beter' %}x{% endif %}{% endfor %}", "'beter'"),
        ("{% set code = kpis.nps.status.code %}{% if code == 'actt' %}x{% endif %}", "'actt'"),
        ("{% for name, it in kpis | items if it.status.code == 'actt' %}x{% endfor %}", "'actt'"),
        ("{{ view.sections | selectattr('kind', 'eq', 'scorecard') | list | length }}", "'scorecard'"),
        ("{{ kpis.nps.deltas | rejectattr('tone', 'in', ['worse', 'wors']) | list | length }}", "'wors'"),
        ("{{ kpis.nps.deltas | map(attribute='tone') | select('eq', 'wors') | list | length }}", "'wors'"),
        ("{% if 'wors' in (kpis.nps.deltas | map(attribute='tone') | list) %}x{% endif %}", "'wors'"),
        ("{% if (kpis.nps.status.code | default('unknown')) == 'none' %}x{% endif %}", "'none'"),
        ("{% macro m(it) %}{% if it.status.code == 'actt' %}x{% endif %}{% endmacro %}{{ m(kpis.nps) }}", "'actt'"),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
    let scorecards = "{% for it in view.sections | selectattr('kind', 'equalto', 'scorecards') %}{{ it.cards | selectattr('status', 'equalto', 'actt') | list | length }}{% endfor %}";
    assert_eq!(told(scorecards), "'actt'");
    for fine in [
        "{% if kpis.nps.status.code == 'act' or kpis.nps.status.code in ['watch', 'no_data'] %}x{% endif %}",
        "{% if section.kind == 'goals' %}x{% elif section.kind == 'brief' %}y{% endif %}",
        "{% if (kpis.nps.status.code | default('unknown')) == 'unknown' %}x{% endif %}",
        "{% if kpis.nps.title == 'NPS' %}x{% endif %}",
        "{% if kpis.nps.status.code | upper == 'ACT' %}x{% endif %}",
        "{% if kpis.nps.status.note == none %}x{% endif %}",
        "{% if kpis.nps.figure.number == 0 %}x{% endif %}",
        "{% if 'act' in kpis.nps.title %}x{% endif %}",
        "{% macro m(it) %}{% if it.status.code == 'act' %}x{% endif %}{% endmacro %}{{ m(kpis.nps) }}",
        "{% macro m(it) %}{% if it == 'actt' %}x{% endif %}{% endmacro %}{{ m(kpis.nps.title) }}",
        "{% set last = '' %}{% if kpis.nps.status.code != last %}x{% endif %}",
        "{{ kpis.nps.deltas | selectattr('tone', 'eq', 'worse') | map(attribute='text') | join(', ') }}",
        "{% for it in view.sections | selectattr('kind', 'eq', 'scorecards') %}{{ it.cards | length }}{% endfor %}",
    ] {
        assert_eq!(in_block(fine), [], "{fine}");
    }
}

#[test]
fn names_are_checked_where_they_stand() {
    let name = |text: &str| {
        let found = in_block(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        (found[0].1.clone(), found[0].2.clone())
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(name("{{ veiw.title }}"), pair("veiw", "veiw"));
    assert_eq!(name("{{ view.titel }}"), pair("titel", "titel"));
    assert_eq!(name("{{ kpis.npz.title }}"), pair("npz", "npz"));
    assert_eq!(name("{% for row in view.sections %}{{ row.kind }}{{ row.hed }}{% endfor %}"), pair("hed", "hed"));
    assert_eq!(name("{% for name, it in kpis | items %}{{ name }}{{ it.figur.value }}{% endfor %}"), pair("figur", "figur"));
    assert_eq!(name("{% set it = kpis.nps %}{{ it.titl }}"), pair("titl", "titl"));
    assert_eq!(name("{{ view.title | uper }}"), pair("uper", "uper"));
    assert_eq!(name("{% if view.notice is definde %}{% endif %}"), pair("definde", "definde"));
    assert_eq!(name("{{ now() }}"), pair("now", "now"));
    assert_eq!(name("{% import \"peil/parts.html\" as p %}{{ p.chop('act') }}"), pair("chop", "chop"));
    assert_eq!(name("{% from \"peil/parts.html\" import chop %}"), pair("chop", "chop"));
    assert_eq!(name("{% include \"nothing.html\" %}"), pair("nothing.html", "\"nothing.html\""));
    assert_eq!(name("{{ view.themes | map(attribute=\"lable\") | join(\", \") }}"), pair("lable", "\"lable\""));
    let cards = "{% for s in view.sections %}{% if s.kind == 'scorecards' %}{{ s.cards | FILTER | length }}{% endif %}{% endfor %}";
    let cards = |filter: &str| name(&cards.replace("FILTER", filter));
    assert_eq!(cards("map(attribute='staus')"), pair("staus", "'staus'"));
    assert_eq!(cards("selectattr('status.kode', 'eq', 'act')"), pair("kode", "'status.kode'"));
    assert_eq!(cards("sort(attribute='title, titel')"), pair("titel", "'title, titel'"));
    assert_eq!(cards("selectattr('status.code', 'equals', 'act')"), pair("equals", "equals"));
    assert_eq!(cards("map('uper')"), pair("uper", "uper"));
    assert_eq!(name("{{ kpis.nps.deltas | sum(attribute='amount') }}"), pair("amount", "'amount'"));
    assert_eq!(name("{{ kpis.nps.deltas | join(', ', 'txt') }}"), pair("txt", "'txt'"));
    let all = "{% set it = (view.sections | selectattr('kind', 'eq', 'scorecards') | list) %}{% for s in it %}{{ s.cards | length }}{{ s.crds }}{% endfor %}";
    assert_eq!(name(all), pair("crds", "crds"));
    assert_eq!(name("{{ kpis.nps }}"), pair("kpis.nps", "kpis.nps"));
    assert_eq!(name("{{ view.themes }}"), pair("view.themes", "view.themes"));
    assert_eq!(name("{{ w.status.ackt }}"), pair("ackt", "ackt"));
    assert_eq!(name("{% for it in ['nps', 'npz'] %}{{ kpis[it].title }}{% endfor %}"), pair("npz", "it"));
    assert_eq!(name("{% set it = 'npz' %}{{ charts[it].bullet }}"), pair("npz", "it"));
    for fine in [
        "{{ section.head.heading }} {{ loop.index }}",
        "{% for card in section.findings %}{{ loop.index }} {{ card.heading }}{% endfor %}",
        "{% macro m(x, y=1) %}{{ x.any.thing }}{{ y }}{% endmacro %}{{ m(namespace(any=1)) }}",
        "{% if nothing is defined %}x{% endif %}",
        "{% for it in ['nps', 'nps'] %}{{ kpis[it].title | upper }}{{ charts[it].bullet }}{% endfor %}",
        "{% if kpis.nps.figure.number is not none %}{{ kpis.nps.figure.number | number(1) }}{{ kpis.nps.figure.number | round(1) + 1 }}{% endif %}",
        "{% import \"peil/parts.html\" as p %}{{ p.status(kpis.nps.status) }}{{ charts.nps.spark }}",
        "{% set ns = namespace(n=0) %}{% for it in view.themes %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
        "{% with title = view.title %}{{ title }}{% endwith %}{{ super() }}",
        "{% for name in range(3) %}{{ name }}{{ loop.cycle('a', 'b') }}{% endfor %}",
    ] {
        assert_eq!(in_block(fine), [], "{fine}");
    }
}

#[test]
fn what_may_be_none_is_tested_before_it_is_used() {
    let place = |text: &str| {
        let found = in_block(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].0, "may-be-none", "{text}");
        found[0].2.clone()
    };
    for (text, expected) in [
        ("{{ kpis.nps.figure.number | number(1) }}", "kpis.nps.figure.number"),
        ("{{ kpis.nps.figure.number + 1 }}", "kpis.nps.figure.number"),
        ("{{ 100 - kpis.nps.figure.number }}", "kpis.nps.figure.number"),
        ("{{ 'n = ' ~ kpis.nps.figure.value }}", "kpis.nps.figure.value"),
        ("{% if kpis.nps.figure.number > 40 %}x{% endif %}", "kpis.nps.figure.number"),
        ("{% set it = kpis.nps.figure %}{{ it.number | round }}", "it.number"),
        ("{% if kpis.nps.figure.value %}x{% else %}{{ kpis.nps.figure.value | upper }}{% endif %}", "kpis.nps.figure.value"),
        ("{% if kpis.nps.figure.value or view.title %}{{ kpis.nps.figure.value | upper }}{% endif %}", "kpis.nps.figure.value"),
        ("{% if kpis.nps.figure.value %}{% endif %}{{ kpis.nps.figure.value | upper }}", "kpis.nps.figure.value"),
        ("{{ kpis.nps.figure.number | default(0) | number }}", "kpis.nps.figure.number | default(0)"),
        ("{% for it in view.sections %}{% for row in it.rows %}x{% endfor %}{% endfor %}", "it.rows"),
        ("{% for it in view.sections %}{% if it.rows %}x{% endif %}{% endfor %}", "it.rows"),
        ("{% if section.kind == 'brief' and view.sections %}{{ view.sections[0].rows | length }}{% endif %}", "view.sections[0].rows"),
        ("{% for it in view.themes %}{{ loop.previtem.label }}{% endfor %}", "loop.previtem"),
        ("<a href=\"{{ anchors['trend-nps'] }}\">x</a>", "anchors['trend-nps']"),
        ("{{ view.sections[0].kind }}", "view.sections[0]"),
        ("{% if view.sections %}{{ view.sections[-2].kind }}{% endif %}", "view.sections[-2]"),
        ("{% if view.sections | length < 3 %}x{% else %}{{ view.sections[3].kind }}{% endif %}", "view.sections[3]"),
        ("{% if view.mark %}{% set it = 1 %}{% endif %}{{ it }}", "it"),
    ] {
        assert_eq!(place(text), expected, "{text}");
    }
    for fine in [
        "{{ kpis.nps.figure.value }}",
        "{% if view.sections | length < 3 %}x{% else %}{{ view.sections[2].kind }}{% endif %}",
        "{% if not view.sections %}x{% else %}{{ (view.sections | first).kind }}{% endif %}",
        "{% if 2 <= view.sections | length %}{{ view.sections[1].kind }}{% endif %}",
        "{% if view.mark %}{% set it = 1 %}{% endif %}{% if view.mark %}{{ it }}{% endif %}{{ it if it is defined }}",
        "{% set it = 1 %}{% if view.mark %}{% set it = 2 %}{% endif %}{{ it }}",
        "{% if 'ces' in kpis %}{{ kpis.ces.title }}{{ charts.ces.bullet }}{% endif %}",
        "{% if kpis.nps.figure.number %}{{ kpis.nps.figure.number | number(1) }}{% endif %}",
        "{% if kpis.nps.figure.number is none %}–{% else %}{{ kpis.nps.figure.number + 1 }}{% endif %}",
        "{% if not kpis.nps.figure.number %}–{% else %}{{ kpis.nps.figure.number + 1 }}{% endif %}",
        "{% if kpis.nps.figure.number != none and kpis.nps.figure.number > 40 %}x{% endif %}",
        "{{ kpis.nps.figure.number | number(1) if kpis.nps.figure.number is not none else '–' }}",
        "{{ (kpis.nps.figure.value or '–') | upper }}{{ kpis.nps.figure.value | default('–', true) | upper }}",
        "{% set it = kpis.nps.figure %}{% if it.number is not none %}{{ it.number | round }}{% endif %}",
        "{% for it in view.sections %}{% if it.kind == 'scorecards' %}{% for row in it.rows %}{{ row.title }}{% endfor %}{% endif %}{% endfor %}",
        "{% for it in view.sections if it.kind == 'scorecards' %}{{ it.rows | length }}{% endfor %}",
        "{% for it in view.themes %}{% if loop.previtem is defined %}{{ loop.previtem.label }}{% endif %}{% endfor %}",
        "{% if 'trend-nps' in anchors %}<a href=\"{{ anchors['trend-nps'] }}\">x</a>{% endif %}",
        "{% set to = 'trend-nps' %}{% if to in anchors %}<a href=\"{{ anchors[to] }}\">x</a>{% endif %}",
    ] {
        assert_eq!(in_block(fine), [], "{fine}");
    }
}

#[test]
fn what_is_not_safe_is_refused() {
    let problem = |text: &str| {
        let found = in_block(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].0 == "unsafe-template", "{text}: {found:?}");
        found[0].1.clone()
    };
    for (text, expected) in [
        ("{{ view.title | safe }}", "safe"),
        ("{% autoescape false %}{{ view.title }}{% endautoescape %}", "autoescape"),
        ("<p class={{ view.title }}>", "unquoted"),
        ("<p {{ view.title }}>", "tag"),
        ("<a href=\"{{ view.title }}\">x</a>", "address"),
        ("<p onclick=\"x\">", "handler"),
        ("<script>x</script>", "element"),
        ("<style>{{ view.title }}</style>", "raw"),
        ("<p style=\"color:{{ view.title }}\">", "attribute"),
        ("<img src=\"http://x/y.png\">", "fetched"),
        ("<style>@import url(x.css)</style>", "fetched"),
        ("<!-- what follows", "open"),
        ("<p title=\"{{ view.title }}>x</p>", "open"),
        ("{% set x = view.title %}{% set y = x ~ x %}{% set z = y ~ y %}", "growth"),
        ("{% macro m(x) %}{{ m(x ~ x) }}{% endmacro %}", "growth"),
        ("{% set x = [1] %}{% set x = [x, x] %}", "growth"),
        ("{% for it in range(9) %}{% set x = 'x' * 99999999 %}{% endfor %}", "growth"),
    ] {
        assert_eq!(problem(text), expected, "{text}");
    }
    let page = found(&[("page.html", "<!doctype html><title>x</title>")], "page.html");
    assert_eq!(page.first().map(|it| it.1.as_str()), Some("policy"), "{page:?}");
}

#[test]
fn what_is_never_shown_is_pointed_out() {
    let page = "{% extends \"peil/report.html\" %}\nHello {{ view.title }}\n{% block after_breif %}x{% endblock %}";
    let found = found(&[("page.html", page)], "page.html");
    let told: Vec<(&str, &str)> = found.iter().map(|it| (it.0.as_str(), it.2.as_str())).collect();
    assert_eq!(told, [("unused-template", "Hello"), ("unused-template", "{{ view.title }}"), ("unknown-in-template", "after_breif")]);
}

#[test]
fn a_broken_template_is_one_finding_at_its_place() {
    for text in
        ["{% extends \"peil/report.html\" %}{% block a %}{{ view.title }{% endblock %}", "{% if %}", "{{", "{% endfor %}", "{% block a %}"]
    {
        let found = found(&[("page.html", text)], "page.html");
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].0, "template-syntax", "{text}");
    }
}

#[test]
fn templates_that_go_round_come_to_an_end() {
    let told = |files: &[(&str, &str)], page: &str| {
        let found = found(files, page);
        assert!(found.iter().all(|it| it.0 == "cycle"), "{found:?}");
        found.into_iter().map(|it| it.1).collect::<Vec<_>>()
    };
    let files = [("a.html", "{% extends \"b.html\" %}"), ("b.html", "{% extends \"a.html\" %}")];
    assert_eq!(told(&files, "a.html"), ["a.html -> b.html -> a.html"]);
    assert!(dressed(&files, "a.html").is_err());
    let text = "{% extends \"peil/report.html\" %}{% block head %}{% include \"a.html\" %}{% endblock %}";
    let page = |a: &'static str| [("a.html", a), ("page.html", text)];
    assert_eq!(told(&page("{% include \"a.html\" %}"), "page.html"), ["a.html -> a.html"]);
    assert!(dressed(&page("{% include \"a.html\" %}"), "page.html").is_err());
    assert_eq!(told(&page("{% include \"page.html\" %}"), "page.html"), ["a.html -> page.html -> a.html"]);
    assert_eq!(told(&page("{% import \"a.html\" as a %}"), "page.html"), ["a.html -> a.html"]);
    assert_eq!(told(&page("{% extends \"a.html\" %}"), "page.html"), ["a.html -> a.html"]);
    let own = [("brief.html", "{% include \"brief.html\" %}"), ("page.html", "{% extends \"peil/report.html\" %}")];
    assert_eq!(told(&own, "page.html"), ["brief.html -> brief.html"]);
    // What depends on something may come to an end.
    for ends in [
        "{% if n is not defined %}{% set n = 1 %}{% include \"a.html\" %}{% endif %}",
        "{% for it in view.sections[:1] %}{% include \"a.html\" %}{% endfor %}",
    ] {
        assert_eq!(told(&page(ends), "page.html"), Vec::<String>::new(), "{ends}");
    }
}

#[test]
fn a_template_cannot_use_up_the_machine() {
    let block = |text: &str| format!("{{% extends \"peil/report.html\" %}}{{% block after_brief %}}{text}{{% endblock %}}");
    for (text, reason) in [
        (
            "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}x{% endfor %}{% endfor %}{% endfor %}",
            "more steps",
        ),
        ("{% for a in range(10000000) %}x{% endfor %}", "1000 numbers"),
        (
            "{% set x %}{{ view.lead }}{% endset %}{% for a in range(1000) %}{% for b in range(1000) %}{{ x }}{% endfor %}{% endfor %}",
            "32 MB",
        ),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion"),
        ("{{ view.nothing }}", "undefined"),
        ("{{ 'x' | indent(9999999999) }}", "indent"),
        ("{{ view.themes }}", "cannot be printed"),
        ("{% include \"/etc/passwd\" %}", "template not found"),
        ("{% include \"../project.peil\" %}", "template not found"),
        ("{{ debug() }}", "debug"),
        ("{{ 1 is divisibleby(0) }}{{ view.nothing }}", "undefined"),
        ("{% for it in range(1, 5, 0) %}x{% endfor %}", "a step"),
        ("{{ view.themes | batch(99999999999, 'x') | length }}", "argument"),
        ("{% macro m(l) %}{{ l.cycle() }}{% endmacro %}{% for it in range(2) %}{{ m(loop) }}{% endfor %}", "gave up"),
    ] {
        let page = block(text);
        let error = dressed(&[("page.html", &page)], "page.html").expect_err(text);
        assert!(error.contains(reason) && (error.contains("page.html") || ["32 MB", "gave up"].contains(&reason)), "{text}: {error}");
    }
    // Doubling by hand, through what is put aside: every round is counted.
    let rounds = "{% set x %}{{ x }}{{ x }}{% endset %}".repeat(40);
    let page = block(&format!("{{% set x %}}{{{{ view.lead }}}}{{% endset %}}{rounds}"));
    assert!(dressed(&[("page.html", &page)], "page.html").expect_err("too much").contains("32 MB"));
}

#[test]
fn values_are_escaped_in_templates_of_a_project_too() {
    let page = "{% extends \"peil/report.html\" %}{% block after_brief %}<p class=\"x\" title=\"{{ kpis.nps.title }}\">{{ kpis.nps.title }}</p>{% endblock %}";
    let mut view = dutch();
    let hostile = crate::report::fixture::HOSTILE;
    let Some(crate::report::view::Section::Scorecards(cards)) = view.sections.get(1).cloned() else { panic!("a section of cards") };
    let card = crate::report::view::Card { title: hostile.to_owned(), ..cards.cards[0].clone() };
    view.kpis.insert("nps".to_owned(), card);
    let dress = Dress {
        template: Some("page.html".to_owned()),
        templates: Arc::new(BTreeMap::from([("page.html".to_owned(), Arc::from(page))])),
        ..Dress::default()
    };
    let html = render_in(&view, &dress).expect("a page");
    assert!(html.contains("&lt;&#x2f;script&gt;&lt;script&gt;"), "it is there, as text");
    assert_eq!(html.matches("<script").count(), 1);
    assert!(!html.contains("<img") && !html.contains("O'Neil"));
}

#[test]
fn any_beginning_of_a_template_is_read() {
    let whole = "{% extends \"peil/report.html\" %}{% block after_brief %}<p id=\"é{{ kpis.nps.title }}\">{% for a, b in kpis | items %}{{ b.títle ~ a }}{% endfor %}</p>{% endblock %}";
    for end in (0..=whole.len()).filter(|it| whole.is_char_boundary(*it)) {
        let _ = found(&[("page.html", &whole[..end])], "page.html");
    }
}
