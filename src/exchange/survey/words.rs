//! Which words in headers and answers tell what a column is? Word lists, Dutch and English, and the language of a survey.

use crate::words::Lang;

/// What a header and the text of its question say, cut into words.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Words in lower case between spaces, with a space at both ends.
    text: String,
    /// The header where it is one word: a code such as `Q13GETRATE`, in which words hide.
    code: String,
}

impl Words {
    /// The words of a header and its question.
    pub fn of(header: &str, question: &str) -> Words {
        let mut text = String::from(" ");
        for part in [header, question] {
            for word in part.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()) {
                text.push_str(&word.to_lowercase());
                text.push(' ');
                let pieces = pieces(word);
                if pieces.len() > 1 {
                    pieces.iter().for_each(|it| {
                        text.push_str(it);
                        text.push(' ');
                    });
                }
            }
        }
        let bare = header.trim();
        let code = if bare.contains(' ') || !bare.contains(|it: char| it.is_alphabetic()) { "" } else { bare };
        Words { text, code: code.to_lowercase() }
    }

    /// Whether one of the words is said. A short one is said whole, a long one may go on (`satisf`), and may hide in a
    /// code; several are said one after the other.
    pub fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|it| {
            if it.len() <= 4 && !it.contains(' ') {
                self.text.contains(&format!(" {it} ")) || it.len() == 4 && self.code.ends_with(it)
            } else {
                self.text.contains(&format!(" {it}")) || !it.contains(' ') && self.code.contains(it)
            }
        })
    }

    /// Whether one of the words is said whole.
    pub fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|it| self.text.contains(&format!(" {it} ")))
    }
}

/// `RecipientEmail`: recipient, email; `Q10SAFE`: q, 10, safe.
fn pieces(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let mut pieces = vec![String::new()];
    for (at, it) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|it| chars[it]);
        let turns = before.is_some_and(|before| {
            before.is_numeric() != it.is_numeric()
                || before.is_lowercase() && it.is_uppercase()
                || before.is_uppercase() && it.is_uppercase() && chars.get(at + 1).is_some_and(|it| it.is_lowercase())
        });
        if turns {
            pieces.push(String::new());
        }
        pieces.last_mut().expect("there is one").extend(it.to_lowercase());
    }
    pieces
}

pub const RECOMMEND: &[&str] = &["recommend", "aanbevel", "aanbeveel", "beveelt", "aanraden", "aanraadt", "netpro", "nps", "promoter"];
pub const EASE: &[&str] = &["easy", "ease", "easily", "effortless", "gemak", "makkelijk", "gemakkelijk", "eenvoudig", "moeiteloos"];
pub const EFFORT: &[&str] = &["effort", "moeite", "inspanning", "difficult", "moeilijk", "lastig"];
pub const RATED: &[&str] = &[
    "satisf",
    "tevreden",
    "csat",
    "cijfer",
    "rapportcijfer",
    "grade",
    "rate",
    "rating",
    "score",
    "oordeel",
    "oordelen",
    "beoordeel",
    "beoordeling",
    "waardeer",
    "waardering",
    "kwaliteit",
    "quality",
    "agree",
    "eens",
    "oneens",
    "likely",
    "waarschijnlijk",
    "experience",
    "ervaart",
    "ervaring",
    "ervaren",
    "helpful",
    "friendl",
    "vriendelijk",
    "behulpzaam",
    "clean",
    "schoon",
    "safe",
    "veilig",
    "ces",
    "expectation",
    "verwachting",
    "overall",
    "deskundig",
    "duidelijk",
];
pub const GRADE: &[&str] = &["cijfer", "rapportcijfer", "grade"];
pub const OVERALL: &[&str] = &["overall", "algemeen", "geheel", "general", "totaal", "total", "all", "alles"];
/// What is about the person, not an answer to be scored.
pub const ABOUT: &[&str] = &[
    "age",
    "leeftijd",
    "gender",
    "geslacht",
    "sex",
    "year",
    "jaar",
    "month",
    "maand",
    "day",
    "dag",
    "weekday",
    "week",
    "lang",
    "language",
    "taal",
    "country",
    "land",
    "region",
    "regio",
    "province",
    "provincie",
    "city",
    "plaats",
    "segment",
    "education",
    "opleiding",
    "income",
    "inkomen",
    "household",
    "huishouden",
    "method",
    "version",
    "versie",
    "wave",
    "golf",
    "status",
    "hour",
    "uur",
    "kwartaal",
    "quarter",
];
/// What makes a good cut.
pub const CUT: &[&str] = &[
    "channel",
    "kanaal",
    "region",
    "regio",
    "segment",
    "product",
    "gender",
    "geslacht",
    "age",
    "leeftijd",
    "type",
    "soort",
    "category",
    "categorie",
    "team",
    "afdeling",
    "department",
    "branch",
    "vestiging",
    "filiaal",
    "store",
    "area",
    "country",
    "land",
    "provincie",
    "province",
    "lang",
    "language",
    "taal",
    "klantgroep",
    "dienst",
    "service",
];
pub const WEIGHT: &[&str] = &["weight", "weging", "gewicht", "weegfactor", "wght", "wt"];
pub const KEY: &[&str] =
    &["respons", "responseid", "respondent", "respnum", "resp", "record", "id", "nummer", "number", "nr", "num", "key", "ticket"];
pub const CUSTOMER: &[&str] = &[
    "customer",
    "klant",
    "klantnummer",
    "klantnr",
    "client",
    "member",
    "account",
    "relatienummer",
    "external reference",
    "externalreference",
    "externaldatareference",
    "external data reference",
];
/// Dates of the beginning of an answer.
pub const BEGUN: &[&str] = &["startdate", "start date", "startdatum", "started", "created", "begonnen"];
/// Dates, best first.
pub const TIME: &[&[&str]] = &[
    &["recordeddate", "recorded date", "ingevuld", "answered", "completed", "submit", "submitted", "afgerond", "responded", "invuldatum"],
    &["enddate", "end date", "einddatum", "finished"],
    &["interview", "response date", "datum", "date", "day", "dag", "timestamp", "tijdstip", "time", "completion"],
    &["startdate", "start date", "startdatum", "created", "begonnen"],
    &["wave", "golf", "period", "periode", "kwartaal", "quarter", "maand", "month", "year", "jaar", "week"],
];
/// Headers of open questions.
pub const OPEN: &[&str] = &[
    "comment",
    "opmerking",
    "toelichting",
    "verbatim",
    "remark",
    "open ended",
    "tell us",
    "anything else",
    "licht toe",
    "waarom",
    "why",
    "explain",
];
/// What is no cut, however few values it has: persons, those who served them, and what they wrote.
pub const NO_CUT: &[&str] = &[
    "customer id",
    "customerid",
    "customer number",
    "customernumber",
    "klantnummer",
    "klantnr",
    "klant id",
    "klantid",
    "employee",
    "agent",
    "medewerker",
    "monteur",
    "adviseur",
    "comment",
    "remark",
    "verbatim",
    "opmerking",
    "toelichting",
    "free text",
    "freetext",
    "vrije tekst",
    "vrijetekst",
    "open text",
    "opentext",
    "open answer",
    "open antwoord",
];
pub const BIRTH: &[&str] = &["birth", "geboorte", "dob"];
/// Headers of what the tool of the survey writes beside the answers.
pub const META: &[&str] = &[
    "startdate",
    "enddate",
    "recordeddate",
    "progress",
    "duration",
    "finished",
    "distributionchannel",
    "distribution channel",
    "userlanguage",
    "user language",
    "collector",
    "collectorid",
    "previewmode",
    "responsetype",
    "start date",
    "end date",
    "recorded date",
    "date created",
    "date modified",
    "status",
];

/// Whether a text says that no answer was given.
pub fn says_blank(text: &str) -> bool {
    const BLANK: &[&str] = &[
        "-",
        "--",
        "---",
        ".",
        "?",
        "blank",
        "leeg",
        "null",
        "nan",
        "none",
        "missing",
        "#n/a",
        "#null!",
        "no answer",
        "geen antwoord",
        "weet niet",
        "weet ik niet",
        "don't know",
        "dont know",
        "don’t know",
        "do not know",
        "dk",
        "no opinion",
        "geen mening",
        "prefer not to say",
        "prefer not to answer",
        "refused",
        "wil niet zeggen",
        "zeg ik liever niet",
        "skipped",
        "overgeslagen",
        "niet ingevuld",
        "not answered",
        "unsure",
        "weet ik niet / geen mening",
        "weet niet / geen mening",
        "weet niet/geen mening",
    ];
    BLANK.contains(&text.trim().to_lowercase().as_str())
}

/// Whether a text says that the question did not apply.
pub fn says_not_applicable(text: &str) -> bool {
    const NOT: &[&str] = &[
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "nvt",
        "n.v.t.",
        "n.v.t",
        "n/v/t",
        "niet van toepassing",
        "not applicable",
        "did not use",
        "not used",
        "niet gebruikt",
        "does not apply",
        "geen gebruik van gemaakt",
        "no experience",
        "geen ervaring",
    ];
    NOT.contains(&text.trim().to_lowercase().as_str())
}

/// Counts the words that only one of the languages has.
pub fn language<'t>(texts: impl Iterator<Item = &'t str>) -> Lang {
    const NL: &[&str] = &[
        "de",
        "het",
        "een",
        "en",
        "van",
        "hoe",
        "wat",
        "voor",
        "niet",
        "u",
        "uw",
        "bent",
        "met",
        "zeer",
        "ons",
        "onze",
        "naar",
        "bij",
        "heeft",
        "kunt",
        "wij",
        "welke",
        "waarom",
        "datum",
        "tevreden",
        "ontevreden",
        "klant",
        "antwoord",
        "vraag",
        "toelichting",
        "leeftijd",
        "geslacht",
        "ja",
        "nee",
        "vrouw",
        "cijfer",
        "rapportcijfer",
        "opmerking",
        "kanaal",
        "medewerker",
        "moeite",
        "aanbevelen",
        "aanbeveelt",
    ];
    const EN: &[&str] = &[
        "the",
        "of",
        "how",
        "what",
        "for",
        "your",
        "you",
        "with",
        "very",
        "our",
        "to",
        "is",
        "was",
        "which",
        "why",
        "date",
        "satisfied",
        "dissatisfied",
        "customer",
        "response",
        "question",
        "age",
        "gender",
        "yes",
        "did",
        "please",
        "likely",
        "overall",
        "weight",
        "year",
        "male",
        "female",
    ];
    let (mut nl, mut en) = (0, 0);
    for text in texts {
        for word in text.split(|it: char| !it.is_alphabetic()).map(str::to_lowercase) {
            nl += usize::from(NL.contains(&word.as_str()));
            en += usize::from(EN.contains(&word.as_str()));
        }
    }
    if nl > en && nl > 1 { Lang::Nl } else { Lang::En }
}

/// Whether values are the groups of the Net Promoter Score, which a tool worked out from the answer.
pub fn are_groups<'t>(values: impl Iterator<Item = &'t String>) -> bool {
    const GROUPS: &[&str] =
        &["promoter", "promoters", "passive", "passives", "detractor", "detractors", "promotor", "criticaster", "passief"];
    let mut any = false;
    for it in values {
        any = true;
        if !GROUPS.contains(&it.to_lowercase().as_str()) {
            return false;
        }
    }
    any
}

// -- ladders of answers ----------------------------------------------------------------------------------------------

/// What a worded answer says: how good it is, from -3 to 3, by the family of words it is of.
pub fn rung(text: &str) -> Option<(&'static str, f64)> {
    let lower = text.trim().to_lowercase().replace('’', "'");
    let words: Vec<&str> = lower.split(|it: char| !it.is_alphabetic() && it != '\'').filter(|it| !it.is_empty()).collect();
    if words.is_empty() || words.len() > 7 {
        return None;
    }
    let says = |list: &[&str]| words.iter().any(|it| list.contains(it));
    if says(&["neutral", "neutraal", "neither", "noch"]) || lower.starts_with("niet ") && lower.contains(" niet ") {
        return Some(("neutral", 0.0));
    }
    let strong = says(&["extremely", "uiterst", "very", "zeer", "heel", "erg", "great", "helemaal"]);
    // Little effort is good.
    if says(&["moeite", "effort", "inspanning"]) {
        let less = says(&["weinig", "little", "low", "geen", "no", "lage"]);
        let more = says(&["veel", "much", "high", "lot", "deal", "hoge"]);
        if less == more {
            return None;
        }
        let none = says(&["geen", "no"]);
        let value = if strong || none { 2.0 } else { 1.0 };
        return Some(("effort", if less != says(&["niet", "not"]) { value } else { -value }));
    }
    const OFTEN: &[(f64, &[&str])] = &[
        (-2.0, &["never", "nooit"]),
        (-1.5, &["almost never", "hardly ever", "bijna nooit", "vrijwel nooit"]),
        (-1.0, &["rarely", "seldom", "zelden"]),
        (0.0, &["sometimes", "occasionally", "soms", "af en toe"]),
        (1.0, &["often", "usually", "frequently", "vaak", "meestal"]),
        (1.5, &["almost always", "nearly always", "bijna altijd", "vrijwel altijd"]),
        (2.0, &["always", "altijd"]),
    ];
    if let Some((value, _)) = OFTEN.iter().find(|it| it.1.contains(&lower.as_str())) {
        return Some(("often", *value));
    }
    const STEMS: &[(&str, f64, &[&str])] = &[
        ("satisfied", 1.0, &["satisfied", "tevreden"]),
        ("satisfied", -1.0, &["dissatisfied", "unsatisfied", "ontevreden"]),
        ("agree", 1.0, &["agree", "eens"]),
        ("agree", -1.0, &["disagree", "oneens"]),
        ("easy", 1.0, &["easy", "makkelijk", "gemakkelijk", "eenvoudig"]),
        ("easy", -1.0, &["difficult", "hard", "moeilijk", "lastig"]),
        ("likely", 1.0, &["likely", "waarschijnlijk"]),
        ("likely", -1.0, &["unlikely", "onwaarschijnlijk"]),
        ("good", 1.0, &["good", "goed"]),
        ("good", -1.0, &["bad", "poor", "slecht"]),
        ("important", 1.0, &["important", "belangrijk"]),
        ("important", -1.0, &["unimportant", "onbelangrijk"]),
    ];
    let stem = STEMS.iter().find(|it| words.iter().any(|word| it.2.contains(word)));
    let Some((family, sign, _)) = stem else {
        // Ladders of single words.
        return match lower.as_str() {
            "excellent" | "uitstekend" => Some(("good", 3.0)),
            "fair" | "redelijk" | "average" | "matig" | "voldoende" => Some(("good", 0.0)),
            _ => None,
        };
    };
    let negated = says(&["not", "niet"]);
    // "Not very likely" says less than "not at all likely".
    let at_all = says(&["helemaal", "totaal", "absoluut", "geenszins"]) || lower.contains("at all");
    let strength = if negated && at_all {
        2.0
    } else if negated && says(&["very", "so", "zeer", "heel", "erg", "zo"]) {
        1.0
    } else if says(&["extremely", "uiterst"]) {
        2.5
    } else if says(&["very", "strongly", "completely", "totally", "highly", "zeer", "heel", "helemaal", "volledig", "erg"]) {
        2.0
    } else if says(&["somewhat", "slightly", "enigszins", "beetje", "tamelijk", "nogal", "rather", "fairly", "moderately"]) {
        0.5
    } else {
        1.0
    };
    Some((family, if negated { -strength * sign } else { strength * sign }))
}
