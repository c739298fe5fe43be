//! What was found, as facts: a code, places and named values. `words` says it, `diagnostic` draws it.

use crate::source::Span;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not shown.
    Allow,
    /// Something to know.
    Advice,
    /// Shown, and does not stop anything.
    Warning,
    /// Stops evaluation.
    Error,
}

impl Severity {
    /// The word of machine output: `error`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Allow => "allow",
            Severity::Advice => "advice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What kind of mistake a code is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    Syntax,
    Names,
    Types,
    Statistics,
    Governance,
    Coverage,
    Incentives,
    Privacy,
    Templates,
    Data,
}

impl Family {
    /// Every family, in the order of the codes.
    pub const ALL: [Family; 10] = [
        Family::Syntax,
        Family::Names,
        Family::Types,
        Family::Statistics,
        Family::Privacy,
        Family::Governance,
        Family::Coverage,
        Family::Incentives,
        Family::Templates,
        Family::Data,
    ];

    /// The name that is printed, and that `--select` takes.
    pub fn name(self) -> &'static str {
        match self {
            Family::Syntax => "syntax",
            Family::Names => "names",
            Family::Types => "types",
            Family::Statistics => "statistics",
            Family::Governance => "governance",
            Family::Coverage => "coverage",
            Family::Incentives => "incentives",
            Family::Privacy => "privacy",
            Family::Templates => "templates",
            Family::Data => "data",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $family:ident $severity:ident,)*) => {
        /// The code of a diagnostic: a name that is never reused, with a page in `specs/diagnostics/`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $name] $variant,)* }

        impl Code {
            /// Every code, by family.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name that is printed: `unknown-kpi`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The family that the code belongs to.
            pub fn family(self) -> Family {
                match self { $(Code::$variant => Family::$family,)* }
            }

            /// The severity when nobody sets another.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The page that explains the code: front matter with its sentences, then prose and examples.
            pub fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("../../specs/diagnostics/", $name, ".md")),)* }
            }
        }
    };
}

codes! {
    SyntaxError "syntax-error" Syntax Error,
    YamlError "yaml-error" Syntax Error,
    YamlFeature "yaml-feature" Syntax Error,
    FormulaError "formula-error" Syntax Error,
    UnknownWord "unknown-word" Syntax Error,
    UnknownKey "unknown-key" Syntax Error,
    DuplicateKey "duplicate-key" Syntax Error,
    MissingKey "missing-key" Syntax Error,
    WrongValue "wrong-value" Syntax Error,
    MisplacedWord "misplaced-word" Syntax Error,
    NotAPeilFile "not-a-peil-file" Syntax Error,
    UnreadableFile "unreadable-file" Syntax Error,
    LimitExceeded "limit-exceeded" Syntax Error,
    NotYet "not-yet" Syntax Error,
    NoProject "no-project" Syntax Error,
    UnreadableFigure "unreadable-figure" Syntax Error,
    InvalidName "invalid-name" Names Error,
    DuplicateName "duplicate-name" Names Error,
    UnknownName "unknown-name" Names Error,
    UnknownKpi "unknown-kpi" Names Error,
    UnknownGoal "unknown-goal" Names Error,
    UnknownSource "unknown-source" Names Error,
    UnknownColumn "unknown-column" Names Error,
    UnknownDimension "unknown-dimension" Names Error,
    UnknownTeam "unknown-team" Names Error,
    UnknownTheme "unknown-theme" Names Error,
    UnknownTouchpoint "unknown-touchpoint" Names Error,
    UnknownLabel "unknown-label" Names Error,
    UnknownFunction "unknown-function" Names Error,
    UnknownFile "unknown-file" Names Error,
    UnknownLint "unknown-lint" Names Error,
    UnknownLibrary "unknown-library" Names Error,
    OutsideLibrary "outside-library" Names Error,
    AmbiguousName "ambiguous-name" Names Error,
    Cycle "cycle" Names Error,
    TypeMismatch "type-mismatch" Types Error,
    WrongArguments "wrong-arguments" Types Error,
    KpiInAggregate "kpi-in-aggregate" Types Error,
    ColumnOutsideAggregate "column-outside-aggregate" Types Error,
    SeveralSources "several-sources" Types Error,
    MixedUnits "mixed-units" Types Error,
    MixedScales "mixed-scales" Types Error,
    AverageOfAverages "average-of-averages" Types Error,
    DifferentBases "different-bases" Types Error,
    HandMadeUnit "hand-made-unit" Types Error,
    UnitConflict "unit-conflict" Types Error,
    ScaleMismatch "scale-mismatch" Types Error,
    VariantNeeded "variant-needed" Types Error,
    NeedsTime "needs-time" Types Error,
    NeedsCustomer "needs-customer" Types Error,
    FinerGrain "finer-grain" Types Error,
    CutNotShared "cut-not-shared" Types Error,
    PatternFigure "pattern-figure" Types Error,
    TestRows "test-rows" Types Error,
    NormOrder "norm-order" Types Error,
    NormOutOfRange "norm-out-of-range" Types Error,
    NormTie "norm-tie" Types Error,
    DirectionConflict "direction-conflict" Types Error,
    WeightsNot100 "weights-not-100" Types Error,
    NotAnOutcome "not-an-outcome" Types Error,
    NotAnItem "not-an-item" Types Error,
    AssumptionOrder "assumption-order" Types Error,
    NeedsCut "needs-cut" Types Error,
    OverlappingShares "overlapping-shares" Types Error,
    OverlappingSegments "overlapping-segments" Types Error,
    CodeConflict "code-conflict" Types Error,
    ScaledScore "scaled-score" Types Error,
    WindowLength "window-length" Types Error,
    LengthWithoutUnit "length-without-unit" Types Error,
    NormPeriod "norm-period" Types Error,
    CompleteSurvey "complete-survey" Statistics Error,
    ItemIsOutcome "item-is-outcome" Statistics Error,
    TooManyItems "too-many-items" Statistics Error,
    SingleItem "single-item" Statistics Warning,
    MixedDirections "mixed-directions" Statistics Advice,
    MovingSegments "moving-segments" Statistics Warning,
    ConstantCondition "constant-condition" Statistics Warning,
    SurveyKindsPooled "survey-kinds-pooled" Statistics Warning,
    UnfitForSurvey "unfit-for-survey" Statistics Warning,
    RelationalPerEmployee "relational-per-employee" Statistics Warning,
    EffortOrEase "effort-or-ease" Statistics Warning,
    UnmarkedBreak "unmarked-break" Statistics Warning,
    NormAcrossBreak "norm-across-break" Statistics Warning,
    WindowAcrossBreak "window-across-break" Statistics Warning,
    UndeclaredWeight "undeclared-weight" Statistics Warning,
    BenchmarkNotComparable "benchmark-not-comparable" Statistics Warning,
    MinimumBaseTooLow "minimum-base-too-low" Privacy Error,
    IdentifierAsDimension "identifier-as-dimension" Privacy Warning,
    FreeTextAsDimension "free-text-as-dimension" Privacy Warning,
    MissingOwner "missing-owner" Governance Warning,
    MissingNorms "missing-norms" Governance Warning,
    TeamWithoutDriver "team-without-driver" Governance Warning,
    OwnerDoesNotDrive "owner-does-not-drive" Data Warning,
    ClaimNotShown "claim-not-shown" Data Warning,
    ClaimUntested "claim-untested" Data Advice,
    FindingLapsed "finding-lapsed" Data Warning,
    StepTooSmall "step-too-small" Data Warning,
    UnsignedFinding "unsigned-finding" Governance Warning,
    FindingNeverLapses "finding-never-lapses" Governance Warning,
    FindingWithoutDecision "finding-without-decision" Governance Advice,
    WrittenOutFigure "written-out-figure" Governance Warning,
    ActionNotMeasurable "action-not-measurable" Governance Warning,
    EffectWorsens "effect-worsens" Governance Warning,
    EvidenceWithoutSource "evidence-without-source" Governance Warning,
    EdgeWithoutEvidence "edge-without-evidence" Governance Advice,
    EffectElsewhere "effect-elsewhere" Coverage Warning,
    ItemWithoutOwner "item-without-owner" Coverage Warning,
    MissingOrigin "missing-origin" Governance Warning,
    AssumptionWithoutRange "assumption-without-range" Governance Warning,
    StaleAssumption "stale-assumption" Governance Warning,
    SameMeaning "same-meaning" Governance Warning,
    SameTitle "same-title" Governance Warning,
    VariantsSideBySide "variants-side-by-side" Governance Warning,
    MisnamedMeasure "misnamed-measure" Governance Warning,
    ThemesAlike "themes-alike" Governance Warning,
    EmptySection "empty-section" Governance Warning,
    KpiWithoutGoal "kpi-without-goal" Coverage Warning,
    GoalWithoutKpi "goal-without-kpi" Coverage Warning,
    GoalWithoutCustomer "goal-without-customer" Coverage Warning,
    EnablerOneSided "enabler-one-sided" Coverage Warning,
    TouchpointWithoutKpi "touchpoint-without-kpi" Coverage Warning,
    BusinessGoalInDisguise "business-goal-in-disguise" Coverage Warning,
    CountedTwice "counted-twice" Coverage Warning,
    UnusedLibrary "unused-library" Coverage Warning,
    UnusedAssumption "unused-assumption" Coverage Warning,
    AssumptionGap "assumption-gap" Coverage Warning,
    StageWithoutKpi "stage-without-kpi" Coverage Warning,
    TouchpointWithoutStage "touchpoint-without-stage" Coverage Warning,
    AskedElsewhere "asked-elsewhere" Coverage Warning,
    SurveyWithoutTrigger "survey-without-trigger" Coverage Warning,
    PayOrder "pay-order" Incentives Error,
    IncentiveWithoutCounter "incentive-without-counter" Incentives Warning,
    IncentiveOnChance "incentive-on-chance" Incentives Warning,
    IncentiveWithoutInfluence "incentive-without-influence" Incentives Warning,
    IncentiveTooFew "incentive-too-few" Incentives Warning,
    UnknownTemplate "unknown-template" Templates Error,
    UnknownInTemplate "unknown-in-template" Templates Error,
    NeverEqual "never-equal" Templates Error,
    TemplateSyntax "template-syntax" Templates Error,
    TemplateType "template-type" Templates Error,
    TemplateFailed "template-failed" Templates Error,
    UnmarkedSection "unmarked-section" Templates Warning,
    MayBeNone "may-be-none" Templates Warning,
    UnsafeTemplate "unsafe-template" Templates Error,
    UnusedTemplate "unused-template" Templates Warning,
    StaleTemplate "stale-template" Templates Warning,
    StyleError "style-error" Templates Error,
    LowContrast "low-contrast" Templates Warning,
    UnfitLogo "unfit-logo" Templates Error,
    MissingTranslation "missing-translation" Templates Warning,
    TestFailed "test-failed" Statistics Error,
    MissingFile "missing-file" Data Error,
    OutsideFile "outside-file" Data Error,
    UnreadableData "unreadable-data" Data Error,
    BenchmarkFile "benchmark-file" Data Error,
    NeedsEngine "needs-engine" Data Error,
    MissingColumn "missing-column" Data Error,
    UndeclaredCode "undeclared-code" Data Warning,
    WrongType "wrong-type" Data Warning,
    WrongTime "wrong-time" Data Error,
    FanOut "fan-out" Data Error,
    UnmatchedReference "unmatched-reference" Data Warning,
    UndeclaredValue "undeclared-value" Data Warning,
    AbsentValue "absent-value" Data Warning,
    ManyParents "many-parents" Data Error,
    SuspectCode "suspect-code" Data Warning,
    NegativeWeight "negative-weight" Data Warning,
    DesignEffect "design-effect" Data Warning,
    UnmetMargin "unmet-margin" Data Error,
    SmallBase "small-base" Data Warning,
    RepeatedCustomers "repeated-customers" Data Advice,
    StaleData "stale-data" Data Warning,
    PlannedWithData "planned-with-data" Data Warning,
}

/// The severity, family and words of a code that the project names in `lint`.
impl Code {
    /// The code with this name.
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// Whether a project may set the severity: errors of meaning stay errors.
    pub fn is_lint(self) -> bool {
        self.severity() != Severity::Error
    }
}

/// A named value of a fact, to be put into its sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    pub name: &'static str,
    pub value: String,
}

/// A named value that is several; each is said by a sentence of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub name: &'static str,
    pub items: Vec<Vec<Arg>>,
}

/// A second place that a fact points at; `role` names its sentence on the code's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub role: &'static str,
    pub args: Vec<Arg>,
}

/// What to write instead: changes that mend the mistake together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fix {
    /// In the order of the files and of their texts, none within another.
    pub edits: Vec<Edit>,
}

/// A stretch of text, and what stands there instead. A stretch without length is a place to insert at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub text: String,
    /// Whether the text is what stands in the file, byte for byte. Otherwise it is what is to be said there, and gets
    /// the quotes and escapes of its place when all is read.
    pub verbatim: bool,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub code: Code,
    pub severity: Severity,
    /// Where it is; `None` for what concerns the project as a whole.
    pub span: Option<Span>,
    pub args: Vec<Arg>,
    /// Named values of which there are several, each with values of its own: codes with their rows.
    pub lists: Vec<List>,
    pub labels: Vec<Label>,
    pub fix: Option<Fix>,
    /// The item that it is about, `kpi:nps`, so that the item can set its severity.
    pub about: Option<String>,
}

impl Fact {
    /// A finding at a place.
    pub fn at(code: Code, span: Span) -> Fact {
        Fact { span: Some(span), ..Fact::new(code) }
    }

    /// A finding without a place in the text.
    pub fn new(code: Code) -> Fact {
        Fact {
            code,
            severity: code.severity(),
            span: None,
            args: Vec::new(),
            lists: Vec::new(),
            labels: Vec::new(),
            fix: None,
            about: None,
        }
    }

    /// Adds a named value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Fact {
        self.args.push(Arg { name, value: value.to_string() });
        self
    }

    /// Adds a named value where there is one.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl ToString>) -> Fact {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a named value that is several.
    #[must_use]
    pub fn with_each(mut self, name: &'static str, items: impl IntoIterator<Item = Vec<(&'static str, String)>>) -> Fact {
        let args = |item: Vec<(&'static str, String)>| item.into_iter().map(|(name, value)| Arg { name, value }).collect();
        self.lists.push(List { name, items: items.into_iter().map(args).collect() });
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Span, role: &'static str) -> Fact {
        self.labels.push(Label { span, role, args: Vec::new() });
        self
    }

    /// Adds a second place with values of its own.
    #[must_use]
    pub fn label_with(mut self, span: Span, role: &'static str, args: Vec<(&'static str, String)>) -> Fact {
        let args = args.into_iter().map(|(name, value)| Arg { name, value }).collect();
        self.labels.push(Label { span, role, args });
        self
    }

    /// Says which item it is about: `kpi:nps`.
    #[must_use]
    pub fn about(mut self, item: impl Into<String>) -> Fact {
        self.about = Some(item.into());
        self
    }

    /// Proposes the nearest known name, with the replacement that mends it where no other is as near.
    #[must_use]
    pub fn did_you_mean(self, wrong: &str, span: Span, known: impl IntoIterator<Item = impl AsRef<str>>) -> Fact {
        let near = near(wrong, known);
        let Some((distance, similar)) = near.iter().min().cloned() else { return self };
        let fact = self.with("similar", &similar);
        let alone = near.iter().all(|it| it.0 > distance || it.1 == similar);
        if alone { fact.mend(span, similar) } else { fact }
    }

    /// Says what is to be said instead at a place, quoted as the place is; several of these mend together.
    #[must_use]
    pub fn mend(self, span: Span, text: impl Into<String>) -> Fact {
        self.edit(Edit { span, text: text.into(), verbatim: false })
    }

    /// Says what is to stand in the file instead, byte for byte.
    #[must_use]
    pub fn rewrite(self, span: Span, text: impl Into<String>) -> Fact {
        self.edit(Edit { span, text: text.into(), verbatim: true })
    }

    pub(super) fn edit(mut self, edit: Edit) -> Fact {
        let edits = &mut self.fix.get_or_insert_default().edits;
        edits.push(edit);
        edits.sort_by_key(|it| (it.span.file.0, it.span.start, it.span.end));
        self
    }

    /// The value with this name.
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|it| it.name == name).map(|it| it.value.as_str())
    }
}

/// The known name nearest to a mistyped one, if one is near enough to be meant.
pub fn nearest(wrong: &str, known: impl IntoIterator<Item = impl AsRef<str>>) -> Option<String> {
    near(wrong, known).into_iter().min().map(|(_, name)| name)
}

/// The known names that are near enough to be meant, each with its distance.
fn near(wrong: &str, known: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<(usize, String)> {
    // Of a name of one or two letters any other is near; only its case can be meant.
    let length = wrong.chars().count();
    let limit = if length < 3 { 0 } else { (length / 3).max(1) };
    let lower = wrong.to_lowercase();
    known
        .into_iter()
        .map(|it| {
            let distance = strsim::osa_distance(&lower, &it.as_ref().to_lowercase());
            (distance, it.as_ref().to_owned())
        })
        .filter(|(distance, name)| *distance <= limit && name != wrong)
        .collect()
}

/// All findings of a run, in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    pub(super) facts: Vec<Fact>,
}

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Adds a finding where there is one.
    pub fn push_some(&mut self, fact: Option<Fact>) {
        self.facts.extend(fact);
    }

    /// Adds the findings of another stage.
    pub fn append(&mut self, mut other: Diagnostics) {
        self.facts.append(&mut other.facts);
    }

    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.facts.iter().any(|it| it.severity == Severity::Error)
    }

    /// The findings in the order of the text, each once.
    pub fn sorted(&self) -> Vec<Fact> {
        let mut facts: Vec<Fact> = self.facts.iter().filter(|it| it.severity != Severity::Allow).cloned().collect();
        facts.sort_by_key(|it| (it.span.map_or((u32::MAX, 0, 0), |span| (span.file.0, span.start, span.end)), it.code));
        facts.dedup();
        facts
    }

    /// The findings in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter()
    }

    /// The findings, to be changed: severities that the project sets.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Fact> {
        self.facts.iter_mut()
    }

    /// Keeps the findings that a condition holds for.
    pub fn retain(&mut self, keep: impl FnMut(&Fact) -> bool) {
        self.facts.retain(keep);
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }
}
