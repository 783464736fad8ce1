//! Paths in JSON: as they are when they are UTF-8, else in hexadecimal.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Marks a path that is not UTF-8.
const HEX: &str = "hex:";

fn spelled(path: &[u8]) -> String {
    match std::str::from_utf8(path) {
        Ok(text) if !text.starts_with(HEX) => text.to_owned(),
        _ => path.iter().fold(HEX.to_owned(), |text, byte| format!("{text}{byte:02x}")),
    }
}

fn read(text: &str) -> Vec<u8> {
    let Some(hex) = text.strip_prefix(HEX) else { return text.as_bytes().to_vec() };
    let digits: Vec<u8> = hex
        .chars()
        .filter_map(|c| c.to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

pub(super) fn serialize<S: Serializer, T: Serialize>(
    map: &BTreeMap<Vec<u8>, T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_map(Some(map.len()))?;
    for (path, value) in map {
        out.serialize_entry(&spelled(path), value)?;
    }
    out.end()
}

pub(super) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Vec<u8>, T>, D::Error> {
    let map = BTreeMap::<String, T>::deserialize(deserializer)?;
    Ok(map.into_iter().map(|(path, value)| (read(&path), value)).collect())
}

/// The same for a list.
pub(super) mod list {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in crate::repo) fn serialize<S: Serializer>(
        list: &[Vec<u8>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        list.iter().map(|path| super::spelled(path)).collect::<Vec<_>>().serialize(serializer)
    }

    pub(in crate::repo) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Vec<u8>>, D::Error> {
        let list = Vec::<String>::deserialize(deserializer)?;
        Ok(list.iter().map(|path| super::read(path)).collect())
    }
}
