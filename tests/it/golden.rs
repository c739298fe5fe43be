//! Figures that independent programs computed from the same data, to 1e-9.
//!
//! They were computed by R (survey, relaimpo), scipy and statsmodels on the passenger survey of San Francisco
//! International Airport, waves of 2017 and 2018. The data stand outside; `PEIL_DATA` names their folder.

use crate::support::files::root;
use crate::support::project::{Asked, Opened};
use peil::source::{DiskWorld, Overlay};
use peil::value::Code;
use serde_json::Value;
use std::path::PathBuf;

/// The folder of the data, where it is.
fn data() -> Option<PathBuf> {
    crate::support::data::folder(&["sfo_2017.csv", "sfo_2018.csv"])
}

/// The rows of `peil eval --format json`.
fn eval(asked: &Asked) -> Option<Vec<Value>> {
    let data = data()?;
    let world = DiskWorld::new(&root().join("examples/airport"), Some(&data));
    let text = Opened::new(&world).eval_json(asked).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    Some(json["figures"].as_array().unwrap().clone())
}

fn all() -> Option<Vec<Value>> {
    eval(&Asked { today: Some("2019-01-01".to_owned()), ..Asked::default() })
}

fn row<'r>(rows: &'r [Value], kpi: &str, period: &str) -> &'r Value {
    rows.iter().find(|it| it["kpi"] == kpi && it["period"] == period).unwrap_or_else(|| panic!("no figure {kpi} {period}"))
}

/// Asserts fields of a figure, on the scale of its unit.
fn assert_fields(rows: &[Value], kpi: &str, period: &str, fields: &[(&str, f64)]) {
    let row = row(rows, kpi, period);
    for (field, expected) in fields {
        let found = row[*field].as_f64().unwrap_or_else(|| panic!("{kpi} {period} has no {field}: {row}"));
        // Near zero a figure is as exact as its unit's scale: 100 points, 100 %.
        let tolerance = 1e-9 * expected.abs().max(100.0);
        assert!((found - expected).abs() <= tolerance, "{kpi} {period} {field}: expected {expected}, found {found}");
    }
}

/// The quantile of the normal distribution behind an interval of 95 %.
const Z: f64 = 1.959963984540054;

#[test]
fn net_promoter_score() {
    let Some(rows) = all() else { return };
    // n, NPS, standard error, the adjusted Wald interval.
    let plain = [
        ("2017", 2746.0, 39.839766933721776, 1.3341371334870167, 37.18236071697378, 42.4102184027061),
        ("2018", 2650.0, 30.981132075471695, 1.442203184665834, 28.120901600474145, 33.771295911776136),
    ];
    for (period, n, value, se, low, high) in plain {
        assert_fields(&rows, "nps", period, &[("n", n), ("value", value), ("se", se), ("low", low), ("high", high)]);
    }
    let counts = [
        ("promoters", "2017", 1436.0),
        ("passives", "2017", 968.0),
        ("detractors", "2017", 342.0),
        ("promoters", "2018", 1268.0),
        ("passives", "2018", 935.0),
        ("detractors", "2018", 447.0),
    ];
    for (kpi, period, value) in counts {
        assert_fields(&rows, kpi, period, &[("value", value)]);
    }
}

#[test]
fn weighted_net_promoter_score() {
    let Some(rows) = all() else { return };
    // NPS, linearised standard error, Kish's effective base, design effect.
    let weighted = [
        ("2017", 40.39843551170741, 1.4457249769270024, 2266.5123550867424, 1.211553069118349),
        ("2018", 35.11363210359721, 1.5779511302896974, 2134.243010124504, 1.2416580433572129),
    ];
    for (period, value, se, effective, effect) in weighted {
        let fields = [("value", value), ("se", se), ("low", value - Z * se), ("high", value + Z * se), ("n_effective", effective)];
        assert_fields(&rows, "nps_weighted", period, &fields);
        let row = row(&rows, "nps_weighted", period);
        let found = row["n"].as_f64().unwrap() / row["n_effective"].as_f64().unwrap();
        assert!((found - effect).abs() < 1e-9, "design effect of {period}: {found}");
    }
    // Between flights; rows without a flight are left out. These figures are known to ten digits.
    for (period, value, se) in [("2017", 40.39843551, 1.552488746), ("2018", 35.1926047, 2.253060728)] {
        let row = row(&rows, "nps_clustered", period);
        let (found_value, found_se) = (row["value"].as_f64().unwrap(), row["se"].as_f64().unwrap());
        assert!((found_value - value).abs() < 1e-8, "clustered NPS of {period}: {found_value}");
        assert!((found_se - se).abs() < 1e-9, "its standard error: {found_se}");
    }
    // The other program computed the European variant on the rows that have a flight: in 2017 these are all.
    let found = row(&rows, "nps_eu", "2017")["value"].as_f64().unwrap();
    assert!((found - 69.22796795).abs() < 1e-8, "European NPS of 2017: {found}");
}

#[test]
fn ratings() {
    let Some(rows) = all() else { return };
    // n, how many in the top two, their share with Wilson's interval; mean with t interval, standard deviation.
    let ratings = [
        (
            "overall",
            "2017",
            2688.0,
            2206.0,
            [82.06845238095238, 80.57279245860398, 83.4725841496934],
            [4.064360119047619, 4.037913461940463, 4.090806776154774],
            0.6992647793472544,
        ),
        (
            "wayfinding",
            "2017",
            2683.0,
            2290.0,
            [85.3522176667909, 83.9637522980115, 86.63959475740538],
            [4.413343272456205, 4.382706632758936, 4.443979912153475],
            0.8092958961001036,
        ),
        (
            "security",
            "2017",
            2407.0,
            1974.0,
            [82.01080182800166, 80.42572475997072, 83.49386623436234],
            [4.30702118820108, 4.271037102852774, 4.3430052735493865],
            0.900288893764567,
        ),
        (
            "getting_there",
            "2017",
            2319.0,
            1789.0,
            [77.14532125916344, 75.39226053711587, 78.80859743444772],
            [4.2104355325571365, 4.1736329409880915, 4.247238124126182],
            0.9037615430572838,
        ),
        (
            "overall",
            "2018",
            2625.0,
            2059.0,
            [78.43809523809524, 76.8239162714002, 79.96916248161689],
            [4.002666666666666, 3.9748816890466716, 4.030451644286661],
            0.7259826533796314,
        ),
        (
            "wayfinding",
            "2018",
            2603.0,
            2210.0,
            [84.90203611217825, 83.47525528619164, 86.2259531955083],
            [4.394928928159816, 4.362329208673462, 4.427528647646169],
            0.8482049277632295,
        ),
        (
            "security",
            "2018",
            2364.0,
            1721.0,
            [72.80033840947547, 70.97062739668561, 74.55606933312411],
            [4.089678510998308, 4.045940568499049, 4.133416453497567],
            1.084454879173557,
        ),
        (
            "getting_there",
            "2018",
            2276.0,
            1669.0,
            [73.33040421792619, 71.4753776101637, 75.10680887877515],
            [4.118629173989455, 4.079935103024788, 4.157323244954123],
            0.9413504732120955,
        ),
    ];
    for (rating, period, n, top2, share, mean, sd) in ratings {
        let fields = [("n", n), ("value", share[0]), ("low", share[1]), ("high", share[2])];
        assert_fields(&rows, &format!("{rating}_top2"), period, &fields);
        assert!((share[0] * n / 100.0 - top2).abs() < 1e-9, "{rating} {period}: the share of {top2} in {n}");
        assert_fields(&rows, &format!("{rating}_mean"), period, &[("n", n), ("value", mean[0]), ("low", mean[1]), ("high", mean[2])]);
        assert_fields(&rows, &format!("{rating}_sd"), period, &[("value", sd)]);
    }
}

#[test]
fn segments_and_their_pool() {
    let asked = Asked { kpis: vec!["nps".to_owned()], by: vec!["boarding_area".to_owned()], ..Asked::default() };
    let (Some(segments), Some(rows)) = (eval(&asked), all()) else { return };
    let expected = [
        (
            "2017",
            [
                ("A", 724.0, 39.9171270718232),
                ("B", 166.0, 43.373493975903614),
                ("C", 226.0, 46.902654867256636),
                ("D", 386.0, 43.523316062176164),
                ("E", 175.0, 46.85714285714286),
                ("F", 444.0, 38.513513513513516),
                ("G", 625.0, 32.96),
            ],
            39.83976693372178,
        ),
        (
            "2018",
            [
                ("A", 661.0, 19.667170953101362),
                ("B", 238.0, 33.193277310924366),
                ("C", 189.0, 26.984126984126984),
                ("D", 495.0, 38.38383838383838),
                ("E", 157.0, 50.955414012738856),
                ("F", 407.0, 35.872235872235876),
                ("G", 503.0, 28.82703777335984),
            ],
            30.981132075471695,
        ),
    ];
    for (period, areas, pooled) in expected {
        for (area, n, value) in areas {
            let found = segments.iter().find(|it| it["period"] == period && it["boarding_area"] == area);
            let found = std::slice::from_ref(found.unwrap_or_else(|| panic!("no {area} in {period}")));
            assert_fields(found, "nps", period, &[("n", n), ("value", value)]);
        }
        // The whole is the pool of its parts, not the mean of their figures.
        assert_fields(&rows, "nps", period, &[("value", pooled)]);
    }
}

/// The rows of `peil why --format csv` for a KPI by boarding area: by kind and name the columns asked for.
fn why(kpi: &str, split: &str, columns: &[&str]) -> Option<Vec<(String, Vec<f64>)>> {
    let data = data()?;
    let world = DiskWorld::new(&root().join("examples/airport"), Some(&data));
    let asked = Asked {
        kpis: vec![kpi.to_owned()],
        by: vec!["boarding_area".to_owned()],
        split: Some(split.to_owned()),
        today: Some("2019-01-01".to_owned()),
        ..Asked::default()
    };
    let text = Opened::new(&world).why(&asked).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let at = |name: &str| heads.iter().position(|it| it == name).unwrap();
    let rows = reader.records().map(|it| {
        let row = it.unwrap();
        let name = format!("{} {}", &row[at("kind")], &row[at("name")]);
        (name, columns.iter().map(|it| row[at(it)].parse().unwrap_or(f64::NAN)).collect())
    });
    Some(rows.collect())
}

fn assert_row(rows: &[(String, Vec<f64>)], name: &str, expected: &[f64], tolerance: f64) {
    let (_, found) = rows.iter().find(|it| it.0 == name).unwrap_or_else(|| panic!("no {name}"));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance, "{name}: expected {expected}, found {found}");
    }
}

#[test]
fn mix_and_rate() {
    let Some(rows) = why("nps", "midpoint", &["mix", "rate"]) else { return };
    let expected = [
        ("cut boarding_area", [0.49939568343219454, -9.358030541682275]),
        ("segment A", [0.07990495831095179, -5.195026911199032]),
        ("segment B", [0.08434870070854732, -0.7648543714966695]),
        ("segment C", [-0.016832884496698137, -1.529964875797616]),
        ("segment D", [0.25622749668701655, -0.8412311245864253]),
        ("segment E", [-0.06051229319342959, 0.25199110236161687]),
        ("segment F", [-0.01444624397123185, -0.4163639236987776]),
        ("segment G", [0.17070594938703854, -0.8625804372653713]),
    ];
    for (name, figures) in expected {
        assert_row(&rows, name, &figures, 1e-9);
    }
    let change = why("nps", "midpoint", &["contribution", "low", "high"]).unwrap();
    assert_row(&change, "whole ", &[-8.858634858250081, -12.709289221027445, -5.007980495472717], 1e-7);
    let three = why("nps", "three-part", &["mix", "rate", "interaction"]).unwrap();
    assert_row(&three, "cut boarding_area", &[0.4346508813726859, -9.422775343741781, 0.12948960411901309], 1e-9);
    let share = why("security_top2", "midpoint", &["contribution", "low", "high"]).unwrap();
    assert_row(&share, "whole ", &[-9.210463418526205, -11.565738863933472, -6.845075419094873], 1e-9);
    // Weighted, and of each area to the three decimals that are known.
    let weighted = why("nps_weighted", "midpoint", &["mix", "rate"]).unwrap();
    assert_row(&weighted, "cut boarding_area", &[-0.026184145355024554, -5.258619262755174], 1e-9);
    let areas = [("A", -1.824), ("B", -0.704), ("C", -1.868), ("D", -1.197), ("E", 0.394), ("F", -0.574), ("G", 0.514)];
    let rates = why("nps_weighted", "midpoint", &["rate"]).unwrap();
    for (area, rate) in areas {
        assert_row(&rates, &format!("segment {area}"), &[rate], 5e-4);
    }
}

#[test]
fn item_response() {
    let Some(rows) = all() else { return };
    assert_fields(&rows, "item_response", "2017", &[("value", 100.0 * 0.9699752737548569)]);
    assert_fields(&rows, "item_response", "2018", &[("value", 100.0 * 0.9433962264150944)]);
    assert_eq!(row(&rows, "nps", "2017")["left_out"]["blank"], 85);
    // The code that no code book knows, in each wave.
    assert_eq!(row(&rows, "problem_free", "2017")["left_out"]["out_of_scale"], 30);
    assert_eq!(row(&rows, "problem_free", "2018")["left_out"]["out_of_scale"], 29);
}

/// 84 answers of 2017 have the code of an empty one, and one is empty: where the code is not declared it is off the scale.
#[test]
fn codes_of_empty_answers() {
    let Some(data) = data() else { return };
    for (blank, expected) in [("", [1, 84]), ("blank 11", [85, 0])] {
        let project = format!(
            r#"project "Blank" {{ peil 1 }}
source passengers {{ files "sfo_2017.csv" with wave = 2017; time wave; no persons "A test."; column NETPRO scale 0..10 {blank} }}
kpi nps {{ formula nps(passengers.NETPRO) }}
"#
        );
        let text = std::fs::read(data.join("sfo_2017.csv")).unwrap();
        let world = peil::source::MemoryWorld::new([("project.peil".to_owned(), project.into_bytes()), ("sfo_2017.csv".to_owned(), text)]);
        let found: Value = serde_json::from_str(&Opened::new(&world).eval_json(&Asked::default()).unwrap()).unwrap();
        let left_out = &found["figures"][0]["left_out"];
        let number = |field: &str| left_out[field].as_u64().unwrap_or(0);
        assert_eq!([number("blank"), number("out_of_scale")], expected, "{blank}: {left_out}");
    }
}

/// R's `svymean` holds the variance against that of a sample drawn without replacement from as many as the weights sum to.
/// They sum to hardly more than there are answers, and in 2018 to less: R prints 8261.468655, and nothing.
#[test]
fn design_effect_of_a_population_as_large_as_its_sample() {
    let kpis = "
kpi good { formula share(passengers.NETPRO >= 9); cluster none }
kpi bad { formula share(passengers.NETPRO <= 6); cluster none }
kpi weights { formula sum(passengers.WEIGHT where not (NETPRO is blank)); weight none; cluster none }
";
    let Some(rows) = eval_with(kpis, &Asked { today: Some("2019-01-01".to_owned()), ..Asked::default() }) else { return };
    let mut found = Vec::new();
    for period in ["2017", "2018"] {
        let of = |kpi: &str, field: &str| row(&rows, kpi, period)[field].as_f64().unwrap();
        let (n, sum) = (of("nps_weighted", "n"), of("weights", "value"));
        let (net, se) = (of("nps_weighted", "value"), of("nps_weighted", "se"));
        let variance = (100.0 * (of("good", "value") + of("bad", "value")) - net * net) * n / (n - 1.0);
        found.push(se * se / (variance * (sum - n) / (sum * n)));
    }
    // Sums are written to twelve digits, of which four are left in what they exceed the answers by.
    assert!((found[0] - 8261.468655).abs() < 2e-4, "{found:?}");
    assert!((found[1] + 3168.57).abs() < 0.01, "{found:?}");
}

#[test]
fn index_of_nets() {
    let Some(rows) = all() else { return };
    let expected = [
        ("2017", 81.77435400231003, 0.6057519702815413, [80.65476190476191, 78.18861653510595, 86.47968356706221]),
        ("2018", 75.4381532251662, 0.6851439252778068, [76.45714285714286, 64.00169204737732, 85.8556247709784]),
    ];
    for (period, value, se, parts) in expected {
        assert_fields(&rows, "experience_index", period, &[("value", value), ("se", se)]);
        for (kpi, value) in ["net_overall", "net_security", "net_safety"].into_iter().zip(parts) {
            assert_fields(&rows, kpi, period, &[("value", value)]);
        }
    }
}

fn compared(kpis: &[&str], by: &[&str], with: &str) -> Option<Vec<Value>> {
    let texts = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
    eval(&Asked { kpis: texts(kpis), by: texts(by), compare: vec![with.to_owned()], period: Some("2018".to_owned()), ..Asked::default() })
}

/// Asserts a figure to 1e-9 of itself, however small it is.
#[track_caller]
fn assert_relative(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("no figure: {found}"));
    assert!((found - expected).abs() <= 1e-9 * expected.abs(), "expected {expected}, found {found}");
}

#[test]
fn changes_between_the_waves() {
    let kpis = ["nps", "security_top2", "nps_weighted", "nps_clustered", "experience_index", "overall_mean"];
    let Some(rows) = compared(&kpis, &[], "previous") else { return };
    let nps = row(&rows, "nps", "2018");
    assert_eq!(nps["compared_with"], "2017");
    for (field, expected) in [
        ("previous", 39.839766933721776),
        ("change", -8.858634858250081),
        ("change_low", -12.709289221027445),
        ("change_high", -5.007980495472717),
        ("p", 6.513353001420438e-06),
    ] {
        assert_relative(&nps[field], expected);
    }
    let security = row(&rows, "security_top2", "2018");
    for (field, expected) in [
        ("change", -9.210463418526205),
        ("change_low", -11.565738863933472),
        ("change_high", -6.845075419094873),
        ("p", 2.7224550699865885e-14),
    ] {
        assert_relative(&security[field], expected);
    }
    // Weighted, z is -2.469412852478617; between flights -1.9026, of which t makes a little more than 0.0571.
    let weighted = row(&rows, "nps_weighted", "2018");
    assert_relative(&weighted["p"], 0.013533497836631232);
    let se = 35.11363210359721 - 40.39843551170741;
    assert_relative(&weighted["change_low"], se - Z * se / -2.469412852478617);
    let clustered = row(&rows, "nps_clustered", "2018");
    let p = clustered["p"].as_f64().unwrap();
    assert!(p > 0.0571 && p < 0.0582, "{p}");
    let signals: Vec<&str> = kpis.iter().filter_map(|it| row(&rows, it, "2018")["signal"].as_str()).collect();
    assert_eq!(signals, ["signal", "signal", "signal", "noise", "signal", "signal"]);
    // The index, linearised: both waves have a standard error that is known.
    let index = row(&rows, "experience_index", "2018");
    let (change, se) = (75.4381532251662 - 81.77435400231003, 0.6057519702815413_f64.hypot(0.6851439252778068));
    assert_relative(&index["change"], change);
    assert_relative(&index["change_low"], change - Z * se);
}

#[test]
fn changes_of_segments() {
    let Some(rows) = compared(&["nps"], &["boarding_area"], "previous") else { return };
    let expected = [
        ("A", 3.1011107764948925e-07, 2.1707775435464248e-06),
        ("B", 0.16257712529719925, 0.37934662569346494),
        ("C", 0.004892214393487583, 0.017122750377206543),
        ("D", 0.2853875929935613, 0.4816151688783156),
        ("E", 0.580131639306163, 0.5842697253035473),
        ("F", 0.5842697253035473, 0.5842697253035473),
        ("G", 0.3440108349130826, 0.4816151688783156),
    ];
    for (area, raw, corrected) in expected {
        let found = rows.iter().find(|it| it["boarding_area"] == area).unwrap();
        assert_relative(&found["p_raw"], raw);
        assert_relative(&found["p"], corrected);
        assert_eq!(found["tests"], 7);
        assert_eq!(found["signal"], if ["A", "C"].contains(&area) { "signal" } else { "noise" });
    }
    // Another KPI changes nothing of them.
    let more = compared(&["security_top2", "nps"], &["boarding_area"], "previous").unwrap();
    let of = |rows: &[Value]| rows.iter().filter(|it| it["kpi"] == "nps").cloned().collect::<Vec<_>>();
    assert_eq!(of(&rows), of(&more));
}

/// The airport with KPIs that its example does not declare.
fn eval_with(kpis: &str, asked: &Asked) -> Option<Vec<Value>> {
    let data = data()?;
    let disk = DiskWorld::new(&root().join("examples/airport"), Some(&data));
    let file = "kpis/recommend.peil";
    let own = std::fs::read_to_string(root().join("examples/airport").join(file)).unwrap();
    let world = Overlay::new(&disk).with([(file.to_owned(), own + kpis)]);
    let text = Opened::new(&world).eval_json(asked).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    Some(json["figures"].as_array().unwrap().clone())
}

/// Between flights, as the other program had it: the European score is of the rows that have a flight, which twelve of
/// 2018 lack; the mean and its deviation are of all.
#[test]
fn between_flights() {
    let kpis = "
kpi eu_weighted { formula nps.eu(passengers.NETPRO) }
kpi eu_plain { formula nps.eu(passengers.NETPRO); weight none }
kpi recommend_mean { formula mean(passengers.NETPRO); weight none; cluster none }
kpi recommend_sd { formula stddev(passengers.NETPRO); weight none; cluster none }
kpi flights { formula distinct(passengers.RUNID where not (NETPRO is blank)); weight none; cluster none }
";
    let Some(rows) = eval_with(kpis, &Asked { today: Some("2019-01-01".to_owned()), ..Asked::default() }) else { return };
    let waves = [
        ("2017", 211.0, [69.70011334, 69.22796795, 8.339402768, 1.736323254]),
        ("2018", 205.0, [61.24165298, 58.6808188, 8.069433962, 1.967000709]),
    ];
    for (period, flights, figures) in waves {
        assert_fields(&rows, "flights", period, &[("value", flights)]);
        for (kpi, expected) in ["eu_weighted", "eu_plain", "recommend_mean", "recommend_sd"].into_iter().zip(figures) {
            // To the ten digits that are known.
            let found = row(&rows, kpi, period)["value"].as_f64().unwrap();
            assert!((found - expected).abs() < 1e-8, "{kpi} {period}: expected {expected}, found {found}");
        }
    }
    let lost: Vec<u64> = ["2017", "2018"].iter().map(|it| row(&rows, "eu_plain", it)["left_out"]["no_cluster"].as_u64().unwrap()).collect();
    assert_eq!(lost[0], 0);
    assert!(lost[1] <= 12, "{lost:?}");
}

#[test]
fn nets_of_other_questions() {
    let kpis = "
kpi net_wayfinding like net_rating(x: passengers.Q14FIND) {}
kpi net_clean like net_rating(x: passengers.Q9ALL) {}
";
    let Some(rows) = eval_with(kpis, &Asked { today: Some("2019-01-01".to_owned()), ..Asked::default() }) else { return };
    let expected = [
        ("net_overall", [(80.65476190476191, 2688.0), (76.45714285714286, 2625.0)]),
        ("net_security", [(78.18861653510595, 2407.0), (64.00169204737732, 2364.0)]),
        ("net_wayfinding", [(83.26500186358554, 2683.0), (81.94391087207069, 2603.0)]),
        ("net_safety", [(86.47968356706221, 2781.0), (85.8556247709784, 2729.0)]),
        ("net_clean", [(84.94152046783626, 2736.0), (81.51729267385646, 2689.0)]),
        ("problem_free", [(88.05078416728902, 2678.0), (85.89449541284404, 2616.0)]),
    ];
    for (kpi, waves) in expected {
        for (period, (value, n)) in ["2017", "2018"].into_iter().zip(waves) {
            assert_fields(&rows, kpi, period, &[("value", value), ("n", n)]);
        }
    }
}

/// What the intervals around the adjusted figures of both waves make of their difference.
#[test]
fn adjusted_difference_of_the_waves() {
    let Some(rows) = all() else { return };
    let of = |period: &str| {
        let row = row(&rows, "nps", period);
        let (low, high) = (row["low"].as_f64().unwrap(), row["high"].as_f64().unwrap());
        (f64::midpoint(low, high), (high - low) / 2.0 / Z)
    };
    let (before, after) = (of("2017"), of("2018"));
    assert!((after.0 - before.0 + 8.850190803714803).abs() < 1e-9);
    assert!((before.1.hypot(after.1) - 1.9637825630214925).abs() < 1e-9);
    // Of the plain figures: the error, and how many of it the change is.
    let plain = ["2017", "2018"].map(|it| row(&rows, "nps", it)["se"].as_f64().unwrap());
    let se = plain[0].hypot(plain[1]);
    assert!((se - 1.9646556738546395).abs() < 1e-9);
    assert!((-8.858634858250081 / se + 4.509001234231293).abs() < 1e-9);
}

#[test]
fn weights_that_are_made_one_by_one() {
    let Some(world) = raked(&format!("{AREAS}\n{TIMES}")) else { return };
    let asked = Asked { grain: Some("year".to_owned()), by: vec!["area,time".to_owned()], ..Asked::default() };
    let text = Opened::new(&world).eval_json(&asked).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let rows: Vec<&Value> = json["figures"].as_array().unwrap().iter().filter(|it| it["kpi"] == "answers").collect();
    // In a cell all weigh the same: what a row is worth is the weighted count by the count.
    let weights: Vec<f64> = rows.iter().map(|it| it["value"].as_f64().unwrap() / it["n"].as_f64().unwrap()).collect();
    assert_eq!(weights.len(), 21);
    let least = weights.iter().copied().fold(f64::INFINITY, f64::min);
    let most = weights.iter().copied().fold(0.0, f64::max);
    assert!((least - 0.6114584791).abs() < 1e-9 && (most - 1.6178754487).abs() < 1e-9, "{least} {most}");
}

/// What the declared weights make of the areas and times of departure of 2018.
const AREAS: &str =
    r#"margin BAREA "A" 435.4323422, "B" 201.2567464, "C" 222.4577434, "D" 539.1833854, "E" 233.4471936, "F" 605.1783936, "G" 412.0221996"#;
const TIMES: &str = r#"margin STRATA "1" 764.149343, "2" 969.9218477, "3" 914.9068135"#;

/// The wave of 2018 by unit weights, raked to what its declared weights make of area and time of departure.
fn raked(margins: &str) -> Option<peil::source::MemoryWorld> {
    let text = std::fs::read(data()?.join("sfo_2018.csv")).unwrap();
    let project = format!(
        r#"project "Raked" {{ peil 1 }}
source passengers {{
  files "sfo_2018.csv" with wave = 2018
  no persons "A test."
  time wave
  keep where not (NETPRO is blank)
  {margins}
  columns BAREA, STRATA, RUNID
  column NETPRO scale 0..10 blank 11
}}
dimension area {{ from passengers.BAREA }}
dimension time {{ from passengers.STRATA }}
kpi nps {{ formula nps(passengers.NETPRO) }}
kpi answers {{ formula count(passengers) }}
"#
    );
    Some(peil::source::MemoryWorld::new([("project.peil".to_owned(), project.into_bytes()), ("sfo_2018.csv".to_owned(), text)]))
}

#[test]
fn weights_that_are_made() {
    use peil::engine::{Engine, Options};
    for (margins, value, se, effective) in
        [(format!("{AREAS}\n{TIMES}"), 33.34989321, 1.469714235, Some(2417.29664)), (AREAS.to_owned(), 33.00319183, 1.476789724, None)]
    {
        let Some(world) = raked(&margins) else { return };
        let opened = Opened::new(&world);
        let asked = Asked { grain: Some("year".to_owned()), ..Asked::default() };
        let text = opened.eval(&asked).unwrap();
        let fields: Vec<Vec<&str>> = text.lines().map(|it| it.split(',').collect()).collect();
        let number = |name: &str| -> f64 { fields[1][fields[0].iter().position(|it| *it == name).unwrap()].parse().unwrap() };
        // These figures are known to ten digits.
        assert!((number("value") - value).abs() < 1e-8, "{text}");
        assert!((number("se") - se).abs() < 1e-9, "{text}");
        assert!(effective.is_none_or(|it: f64| (number("n_effective") - it).abs() < 1e-5), "{text}");
        #[cfg(feature = "engine")]
        for threads in [1, 3] {
            assert_eq!(text, opened.eval_by(&asked, Options { engine: Engine::Embedded, threads }).unwrap());
        }
    }
}

/// What a command prints.
fn printed(arguments: &[&str], data: &std::path::Path) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_peil"));
    let output = command.args(arguments).current_dir(root()).env("PEIL_DATA", data).env("NO_COLOR", "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// `airport.json`: `seg_change_p.holm`.
#[test]
fn segments_corrected_by_holm() {
    let Some(data) = data() else { return };
    let asked = ["eval", "examples/airport", "--kpi", "nps", "--by", "boarding_area", "--period", "2018", "--compare", "previous"];
    let by = |more: &[&str]| -> Vec<f64> {
        let text = printed(&[&asked[..], more, &["--format", "json"]].concat(), &data);
        let json: Value = serde_json::from_str(&text).unwrap();
        json["figures"].as_array().unwrap().iter().map(|it| it["p"].as_f64().unwrap()).collect()
    };
    let holm = [2.1707775435464248e-06, 0.8128856264859963, 0.0293532863609255, 1.0, 1.0, 1.0, 1.0];
    let found = by(&["--correct", "holm"]);
    assert_eq!(found.len(), holm.len());
    assert!(found.iter().zip(holm).all(|(found, p)| (found - p).abs() < 1e-9), "{found:?}");
    assert!((by(&[])[1] - 0.37934662569346494).abs() < 1e-9);
}

/// `airport.json`: the weights of 2018 are made in 13 cycles.
#[test]
fn rounds_of_raking() {
    let Some(data) = data() else { return };
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("rounds_of_raking");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let Some(world) = raked(&format!("{AREAS}\n{TIMES}")) else { return };
    use peil::source::World;
    let project = world.definitions();
    std::fs::write(folder.join("project.peil"), &**project[0].text.as_ref().unwrap()).unwrap();
    std::fs::copy(data.join("sfo_2018.csv"), folder.join("sfo_2018.csv")).unwrap();
    let text = printed(&["explain", "nps@2018", folder.to_str().unwrap()], &data);
    let line = text.lines().find(|it| it.contains("weights of 2018")).unwrap_or_else(|| panic!("{text}")).trim();
    assert!(line.starts_with("weights of 2018 made in 13 rounds, 0.61145847"), "{line}");
    assert!(line.contains(" to 1.61787544") && line.contains("none held at a bound; all rows are worth 2417.29664"), "{line}");
}

#[test]
#[cfg(feature = "engine")]
fn both_engines_compare_alike() {
    use peil::engine::{Engine, Options};
    let Some(data) = data() else { return };
    let world = DiskWorld::new(&root().join("examples/airport"), Some(&data));
    let opened = Opened::new(&world);
    for (by, with) in [("", "previous"), ("boarding_area", "rest"), ("airline", "rest"), ("boarding_area", "weekday: Monday, Sunday")] {
        let by = if by.is_empty() { Vec::new() } else { vec![by.to_owned()] };
        let asked = Asked { by, compare: vec![with.to_owned()], ..Asked::default() };
        let plain = opened.eval(&asked).unwrap();
        for threads in [1, 3] {
            assert_eq!(plain, opened.eval_by(&asked, Options { engine: Engine::Embedded, threads }).unwrap(), "{with}");
        }
    }
}

/// The rows of `peil drivers --format json` over the wave of 2017.
fn driver_models() -> Option<Vec<Value>> {
    let data = data()?;
    let world = DiskWorld::new(&root().join("examples/airport"), Some(&data));
    let asked = Asked { period: Some("2017".to_owned()), today: Some("2019-01-01".to_owned()), ..Asked::default() };
    let text = Opened::new(&world).drivers(&asked, peil::tidy::Format::Json).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    Some(json["drivers"].as_array().unwrap().clone())
}

/// Asserts a field of an item of a driver model.
#[track_caller]
fn assert_item(rows: &[Value], model: &str, item: &str, field: &str, expected: f64, tolerance: f64) {
    let row = rows.iter().find(|it| it["drivers"] == model && it["item"] == item).unwrap_or_else(|| panic!("no {item} in {model}"));
    let found = row[field].as_f64().unwrap_or_else(|| panic!("{model} {item} has no {field}: {row}"));
    assert!((found - expected).abs() <= tolerance, "{model} {item} {field}: expected {expected}, found {found}");
}

/// For each item of the wave of 2017, by relaimpo, pingouin and statsmodels: correlation, standardised coefficient, LMG,
/// Johnson's weight, top two boxes; LMG weighted; penalty and reward.
const DRIVERS: [(&str, [f64; 8]); 11] = [
    (
        "Q7ART",
        [
            0.375640671194209,
            0.04224639081453274,
            0.02370097058427372,
            0.023942816184740243,
            69.65875370919882,
            0.021971562529554282,
            0.004566847010357922,
            0.1886526963305615,
        ],
    ),
    (
        "Q7FOOD",
        [
            0.4006569131238459,
            0.12299072781260006,
            0.03306986845109312,
            0.03372319579867044,
            55.26706231454006,
            0.03160135102412927,
            -0.5193697572559759,
            0.24200417257363627,
        ],
    ),
    (
        "Q7STORE",
        [
            0.3930214623247385,
            0.015563062538027021,
            0.02541296774042903,
            0.024333449455720666,
            55.86053412462908,
            0.02512469303840566,
            -0.3880140103150158,
            -0.14306049259234832,
        ],
    ),
    (
        "Q7SIGN",
        [
            0.43225279597297145,
            0.010804408234179233,
            0.0297740555866124,
            0.0266585539000083,
            78.41246290801188,
            0.028285095890667432,
            0.02352801064197551,
            0.17792794647072438,
        ],
    ),
    (
        "Q7WALKWAYS",
        [
            0.45697653021440243,
            0.11666549331681118,
            0.04033254083167338,
            0.03796826710422139,
            79.37685459940653,
            0.044621696626050776,
            -0.9422336737211185,
            0.05874445595185516,
        ],
    ),
    (
        "Q7SCREENS",
        [
            0.4386677519309043,
            0.027966957927829356,
            0.03208304221964628,
            0.02917721311874011,
            76.8545994065282,
            0.036403969614946186,
            -0.3831485771047371,
            0.12204813604571121,
        ],
    ),
    (
        "Q7WIFI",
        [
            0.33417139850815186,
            0.04009435479300743,
            0.018806259639192396,
            0.020177063398074287,
            72.25519287833828,
            0.017527378198951407,
            -0.08708537468285096,
            0.20769930314784016,
        ],
    ),
    (
        "Q9ALL",
        [
            0.47871366861365955,
            0.17323969394753058,
            0.06197721262468635,
            0.06256047464546742,
            84.79228486646885,
            0.06110768796318759,
            -1.5607704596889773,
            0.4566828962290953,
        ],
    ),
    (
        "Q10SAFE",
        [
            0.395546311577097,
            0.13948397624086817,
            0.044424392282122735,
            0.04791918651839228,
            87.0919881305638,
            0.041989920713467986,
            -0.5174353370882776,
            0.4256645429956008,
        ],
    ),
    (
        "Q14FIND",
        [
            0.4183752844780175,
            0.11082334665707537,
            0.04251420687116627,
            0.04405777808875307,
            86.05341246290801,
            0.043198932106742215,
            -0.2011499558713404,
            0.3270710555982777,
        ],
    ),
    (
        "Q14PASSTHRU",
        [
            0.4403768692809487,
            0.14820848671250508,
            0.05255578622023309,
            0.05413330483834054,
            81.67655786350149,
            0.04565292763054937,
            -0.42439261878738543,
            0.46447241382089755,
        ],
    ),
];

#[test]
fn drivers_of_recommending() {
    let Some(rows) = driver_models() else { return };
    for (item, [correlation, beta, lmg, johnson, top2, weighted, penalty, reward]) in DRIVERS {
        let plain = [("n", 1348.0), ("answered", 2746.0), ("r2", 0.4046513030511286), ("correlation", correlation), ("beta", beta)];
        for (field, expected) in plain.into_iter().chain([("importance", lmg), ("share", 100.0 * lmg / 0.4046513030511286)]) {
            assert_item(&rows, "why_recommend", item, field, expected, 1e-9 * expected.abs().max(1.0));
        }
        assert_item(&rows, "why_recommend", item, "performance_in_model", top2, 1e-9 * 100.0);
        // relaimpo's figures, to the digits that are known of them.
        assert_item(&rows, "relative_weights", item, "importance", johnson, 1e-9);
        // The weighted cross-products are those of the clustered model: clusters change errors alone.
        assert_item(&rows, "why_recommend_clustered", item, "r2", 0.39748521533665226, 1e-9);
        assert_item(&rows, "why_recommend_clustered", item, "importance", weighted, 1e-9);
        assert_item(&rows, "costs_and_rewards", item, "penalty", penalty, 1e-9);
        assert_item(&rows, "costs_and_rewards", item, "reward", reward, 1e-9);
        assert_item(&rows, "costs_and_rewards", item, "constant", 7.414102413236418, 1e-9);
    }
    // Rows that lack one item alone: without the question on Wi-Fi 1,597 would be left.
    let lost = rows.iter().find(|it| it["drivers"] == "why_recommend").unwrap()["lost"].as_array().unwrap();
    let of = |name: &str| lost.iter().find(|it| it["lack"] == serde_json::json!([name])).unwrap()["rows"].as_u64().unwrap();
    assert_eq!(1348 + of("Q7WIFI"), 1597);
    assert_eq!(lost.iter().map(|it| it["rows"].as_u64().unwrap()).sum::<u64>(), 2746 - 1348);
}

/// Standard errors by the same jackknife in Python (numpy), rows dealt by their place in the file; a bootstrap of the
/// complete rows gives 0.0173 for restaurants, 0.0244 for cleanliness, 0.0212 for security, 0.0277 for R2.
#[test]
fn errors_of_importance() {
    let Some(rows) = driver_models() else { return };
    for (item, share, coefficient) in JACKKNIFE {
        let row = rows.iter().find(|it| it["drivers"] == "why_recommend" && it["item"] == item).unwrap();
        for (field, expected) in [("share", share), ("coefficient", coefficient)] {
            let found = row["se"][field].as_f64().unwrap();
            assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{item} {field}: expected {expected}, found {found}");
        }
    }
}

const JACKKNIFE: [(&str, f64, f64); 3] = [
    ("Q9ALL", 1.8255612249890907, 0.0533105515739746),
    ("Q14PASSTHRU", 2.0958250299444927, 0.06313204741463788),
    ("Q7FOOD", 1.4837545073838705, 0.058160679534569486),
];

#[test]
fn a_code_that_no_code_book_knows() {
    let Some(data) = data() else { return };
    let world = DiskWorld::new(&root().join("examples/airport"), Some(&data));
    let opened = Opened::new(&world);
    let found = opened.findings(true);
    let found: Vec<_> = found.iter().filter(|it| it.code == Code::UndeclaredCode).collect();
    let [fact] = found.as_slice() else { panic!("{} findings instead of one", found.len()) };
    assert_eq!((fact.arg("column"), fact.arg("rows")), (Some("Q15PROBLEM"), Some("59")));
    let said = peil::words::say(fact, peil::words::Lang::En).message;
    assert!(said.contains("`3` (59 rows)"), "{said}");
}
