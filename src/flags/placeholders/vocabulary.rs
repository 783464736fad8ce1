//! What made-up data looks like, value by value.

use crate::flags::name::{listed, words};

/// Words of made-up data, in lower case.
const MADE_UP: [&str; 27] = [
    "john doe",
    "jane doe",
    "john smith",
    "jane smith",
    "jane roe",
    "john@",
    "jane@",
    "alice@",
    "bob@",
    "@example.com",
    "@test.com",
    "lorem ipsum",
    "123 main st",
    "555-",
    "test user",
    "demo user",
    "demo-user",
    "foo bar",
    "foobar",
    "mock",
    "dummy",
    "fake",
    "placeholder",
    "sample ",
    "hardcoded",
    "test-token",
    "sample-",
];
/// Words of names that admit that something is made up.
const ADMITTED: &str = "mock mocks mocked dummy fake faked stub stubs stubbed sample samples placeholder faker hardcoded fixture fixtures";
/// Keys whose value belongs to somebody or something.
const ENTITIES: &str = "user username author customer player company email phone address street city owner instructor \
    teacher airline driver patient doctor product employee artist album merchant sender recipient \
    assignee reviewer seller buyer vendor client symbol ticker sku isbn plate iban firstname lastname surname";
/// Keys whose value is what a machine made.
const ISSUED: &str = "token jwt accesstoken refreshtoken apikey sessionid";
/// Keys that set something up, or only order and show it.
const SETTINGS: &str = "max min limit limits timeout ttl size port retries retry interval version default step page per \
    pages offset threshold duration expires expiry expiration width height weight order sort position index level \
    code status http priority rank maximum minimum window delay seconds minutes ms hours days length depth cost rounds \
    skip take cursor decimals precision scale zoom quality concurrency workers attempts monthly yearly seats quota";
/// Records with one of these keys tell of an error.
const ERRORS: &str = "error errors err detail exception issues";
/// Answers and lists that are literal by nature.
const BY_NATURE: &str = "health healthz healthcheck version ping status ready readyz readiness live livez liveness metrics \
    config configuration configs settings robots docs openapi swagger manifest favicon constants enum enums option options \
    country countries currency currencies language languages locale locales timezone timezones role roles \
    permission permissions plan plans pricing tier tiers feature features flag flags statuses state states kind kinds type \
    types levels priorities priority salutation salutations step steps menu nav navigation schema schemas meta \
    info about faq faqs help link links wellknown jwks configuration limits default defaults sitemap theme themes label labels \
    translation translations i18n unit units gender genders format formats provider providers method methods scope scopes \
    capabilities weekdays months choices severities fields columns field column headers routes endpoints colors colours \
    breadcrumbs tabs sections templates template shortcuts root index home";

/// What one value says, in half points, and whether it is made-up by its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    pub(super) points: u32,
    pub(super) made_up: bool,
}

impl Weight {
    const NONE: Self = Self { points: 0, made_up: false };

    fn of(points: u32) -> Self {
        Self { points, made_up: false }
    }
}

/// Whether a text holds words of made-up data.
pub(super) fn is_made_up(lower: &[u8]) -> bool {
    MADE_UP.iter().any(|word| memchr::memmem::find(lower, word.as_bytes()).is_some())
}

/// The weight of a string under a key.
pub(super) fn of_text(key: &[u8], value: &[u8]) -> Weight {
    if is_made_up(&value.to_ascii_lowercase()) && !is_prose(value) {
        return Weight { points: 3, made_up: true };
    }
    let lower = value.to_ascii_lowercase();
    let company = |name: &&[u8]| memchr::memmem::find(&lower, name).is_some();
    if [&b"acme"[..], b"globex", b"initech"].iter().any(company) && !is_prose(value) {
        return Weight::of(3);
    }
    let words = words(key);
    let last = words.last().map_or("", String::as_str);
    let digit = value.iter().any(u8::is_ascii_digit);
    if is_date(value) {
        return Weight::of(if matches!(last, "version" | "released" | "since") { 0 } else { 2 });
    }
    if value.contains(&b'/') && value.first().is_none_or(|byte| matches!(byte, b'/' | b'h')) {
        return Weight::NONE;
    }
    let all = words.concat();
    if listed(ISSUED, last) || listed(ISSUED, &all) {
        return Weight::of(if value.len() >= 4 && !value.eq_ignore_ascii_case(b"bearer") {
            2
        } else {
            0
        });
    }
    match last {
        "id" if words.len() > 1 && digit => Weight::of(2),
        "id" | "number" | "reference" | "ref" if digit => Weight::of(1),
        "name" | "title" if value.first().is_some_and(u8::is_ascii_uppercase) => {
            let of_entity = words.len() > 1 && words.iter().any(|word| listed(ENTITIES, word));
            Weight::of(if of_entity { 2 } else { 1 })
        }
        _ if listed(ENTITIES, last) || listed(ENTITIES, &all) => Weight::of(2),
        _ if is_measure(value) => Weight::of(2),
        _ => Weight::NONE,
    }
}

/// The weight of a number under a key.
pub(super) fn of_number(key: &[u8], value: &[u8]) -> Weight {
    let words = words(key);
    if words.iter().any(|word| listed(SETTINGS, word)) || words.is_empty() {
        return Weight::NONE;
    }
    match value {
        _ if words.last().is_some_and(|word| word == "id") => Weight::of(1),
        b"0" | b"1" | b"0.0" | b"1.0" => Weight::NONE,
        _ => Weight::of(2),
    }
}

/// Whether a name says by itself that it stands for made-up data.
pub(super) fn is_admitted(name: &[u8]) -> bool {
    words(name).iter().any(|word| listed(ADMITTED, word))
}

/// Whether a record with this key tells of an error.
pub(super) fn is_error(key: &[u8]) -> bool {
    words(key).last().is_some_and(|word| listed(ERRORS, word))
}

/// Whether what goes by this name is literal by nature.
pub(super) fn is_by_nature(name: &[u8]) -> bool {
    let words = words(name);
    words.last().is_some_and(|word| listed(BY_NATURE, word)) || listed(BY_NATURE, &words.concat())
}

/// A sentence tells something; it is not data.
fn is_prose(value: &[u8]) -> bool {
    value.split(|byte| *byte == b' ').count() > 8
}

/// `2024-01-15…`
fn is_date(value: &[u8]) -> bool {
    let digit = |at: usize| value.get(at).is_some_and(u8::is_ascii_digit);
    let dash = |at: usize| value.get(at) == Some(&b'-');
    (0..4).all(digit) && dash(4) && digit(5) && digit(6) && dash(7) && digit(8) && digit(9)
}

/// `120/80`, `$1,234.50`, `45%`, `3.2 km`
fn is_measure(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits >= 2
        && digits * 2 >= value.len()
        && value.len() <= 16
        && value.iter().any(|byte| !byte.is_ascii_digit() && *byte != b'.')
}
