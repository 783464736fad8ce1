//! Does a value look like chance made it, or a person?
//!
//! Judged by how common its letter pairs are in code and English: words score
//! above 4 of 9 on average, random letters about 2.4. What the value is for,
//! and whether it may be there, is left to the matchers.

/// How common each pair of letters is in the words of source code: half the
/// binary logarithm of its frequency over chance, 4 being chance; 26 rows of 26.
const PAIRS: &[u8; 676] = b"2566235150376605076744334152325210430521420442400030624363165055327305464100305334732161142252044341102063675542402657354877244641423345106004225204334000204121612440132432054230000051125100501221510324200020546554511026586415661403042000200010000020002020000031125121300212210132101000623473217026226302544210506423621050134255014340001062666472503324530267441020445524414136574507555453106133621440252254064541104000000000000200000110400000635473416034546405654320405253732560343355336752314063437426702433641655422151444343304005562405550000005121610040011131012100000040114103401103310331000000213132003001201401140001102121211020033324023300100020004000200000100000000000";

/// At or below this average a value is taken for random.
const RANDOM_PAIR_MAX: f32 = 3.55;
/// A letter beside a digit counts as a rather rare pair.
const MIXED_PAIR: u32 = 2;

/// What the bytes of a value are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Bytes.
    pub(super) length: usize,
    /// Decimal digits.
    pub(super) digits: usize,
    /// Letters in upper case.
    pub(super) upper: usize,
    /// Letters in lower case.
    pub(super) lower: usize,
    /// Different bytes.
    pub(super) distinct: u32,
    /// Neighbours one apart (`abc`, `123`) or equal.
    pub(super) runs: usize,
    /// How often a digit stands beside a letter.
    pub(super) mixes: usize,
    /// Whether only `0-9a-fA-F` and `-` occur.
    pub(super) hex: bool,
    pair_sum: u32,
    pair_count: u32,
}

impl Shape {
    /// Counts a value once.
    pub(super) fn of(value: &[u8]) -> Self {
        let mut shape = Self { length: value.len(), hex: true, ..Self::default() };
        let mut seen = [0_u64; 4];
        let mut before: Option<u8> = None;
        for &byte in value {
            if let Some(word) = seen.get_mut(usize::from(byte >> 6)) {
                *word |= 1 << (byte & 63);
            }
            shape.digits += usize::from(byte.is_ascii_digit());
            shape.upper += usize::from(byte.is_ascii_uppercase());
            shape.lower += usize::from(byte.is_ascii_lowercase());
            shape.hex &= byte.is_ascii_hexdigit() || byte == b'-';
            if let Some(before) = before {
                shape.add_pair(before, byte);
            }
            before = Some(byte);
        }
        shape.distinct = seen.iter().map(|word| word.count_ones()).sum();
        shape
    }

    fn add_pair(&mut self, before: u8, byte: u8) {
        self.runs += usize::from(byte == before || byte == before.wrapping_add(1));
        if before.is_ascii_alphabetic() && byte.is_ascii_alphabetic() {
            // `camelCase` is two words, not a strange pair.
            if before.is_ascii_lowercase() && byte.is_ascii_uppercase() && self.lower > 2 {
                return;
            }
            let row = usize::from(before.to_ascii_lowercase() - b'a');
            let column = usize::from(byte.to_ascii_lowercase() - b'a');
            self.pair_sum += u32::from(PAIRS.get(row * 26 + column).map_or(4, |pair| pair - b'0'));
            self.pair_count += 1;
        } else if before.is_ascii_alphanumeric()
            && byte.is_ascii_alphanumeric()
            && before.is_ascii_digit() != byte.is_ascii_digit()
        {
            self.mixes += 1;
            self.pair_sum += MIXED_PAIR;
            self.pair_count += 1;
        }
    }

    /// Whether it holds more than one letter over and over, or an alphabet.
    pub(super) fn varied(&self) -> bool {
        let enough = if self.length >= 16 { 7 } else { 5 };
        // Each letter once is an alphabet, not chance.
        let alphabet = self.length >= 40 && self.distinct as usize == self.length;
        !alphabet && self.distinct >= enough && self.runs * 4 < self.length * 3
    }

    /// The average rarity of its pairs says chance.
    fn rare_pairs(&self) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "values are a few hundred bytes")]
        let average = self.pair_sum as f32 / self.pair_count.max(1) as f32;
        average <= RANDOM_PAIR_MAX
    }

    /// Whether it is nothing but letters that no word has: what mail providers
    /// give to programs.
    pub(super) fn random_letters(&self) -> bool {
        self.lower == self.length && self.length >= 14 && self.varied() && self.rare_pairs()
    }

    /// Whether chance made it. Twelve bytes are the least that can be told.
    pub(super) fn random(&self) -> bool {
        if self.length < 12 || !self.varied() {
            return false;
        }
        if self.digits == self.length {
            return self.length >= 16;
        }
        if self.hex {
            let letters = self.upper + self.lower;
            return self.digits >= 2
                && letters >= 2
                && self.mixes >= 1
                && (self.mixes >= 2 || letters >= 4);
        }
        let letters = self.upper + self.lower;
        if letters * 2 < self.length && self.digits * 2 < self.length {
            return false;
        }
        if self.digits == 0 {
            return self.length >= 20 && self.upper >= 4 && self.lower >= 4 && self.rare_pairs();
        }
        self.rare_pairs() && self.mixes >= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, random: bool) {
        assert_eq!(Shape::of(value.as_bytes()).random(), random, "{value}");
    }

    #[test]
    fn tells_chance_from_words() {
        check("Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB", true);
        check("9jlrg7b1yewlz0knozhtva57xfyotvob", true);
        check("fe39324n6ny0wqdrvjokv8pb3uv9li7e", true);
        check("8b6f8d6594749cb659b1be03e6a0a2e7", true);
        check("LTtWSmepxfWDKiwpECsrxDghfblHXseeBP", true);
        check("handleAuthenticationResponse2", false);
        check("user_profile_settings_v2_final", false);
        check("xxxxxxxxxxxxxxxxxxxxxxxx", false);
        check("abcdefghijklmnopqrstuvwxyz0123456789", false);
        check("00000000-0000-0000-0000-000000000000", false);
        check("aes-256-cbc-hmac-sha256", false);
    }
}
