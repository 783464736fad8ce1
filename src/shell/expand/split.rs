//! Splitting into fields, and globs.

use super::super::machine::Machine;
use super::super::state::State;
use super::super::text;
use super::{Chunk, Chunks, pattern};

/// A field while it is put together.
#[derive(Default)]
struct Field {
    text: String,
    /// As a glob pattern: quoted characters escaped.
    pattern: String,
    /// Has bare glob characters.
    glob: bool,
    /// Exists although it is empty: something quoted is in it.
    kept: bool,
}

impl Machine<'_> {
    /// The field lists that an expansion can become.
    pub(super) fn fields(&mut self, chunks: &Chunks, state: &State) -> Vec<Vec<String>> {
        let mut fields = Vec::new();
        let mut field = Field::default();
        for chunk in chunks {
            match chunk {
                Chunk::Break => finish(&mut fields, &mut field),
                Chunk::Text { text, quoted: true, .. } => {
                    field.kept = true;
                    field.text.push_str(text);
                    pattern::escape(text, &mut field.pattern);
                }
                Chunk::Text { text, split, .. } => {
                    let separators = if *split { state.separators() } else { "" };
                    for char in text.chars() {
                        if separators.contains(char) {
                            // A separator that is no blank ends even an empty field.
                            field.kept |= !char.is_ascii_whitespace();
                            finish(&mut fields, &mut field);
                            continue;
                        }
                        field.glob |= matches!(char, '*' | '?' | '[');
                        field.text.push(char);
                        field.pattern.push(char);
                    }
                }
            }
        }
        finish(&mut fields, &mut field);
        if fields.iter().all(|field| !field.glob) {
            return vec![fields.into_iter().map(|field| field.text).collect()];
        }
        let mut lists = Vec::new();
        for dir in state.dirs.iter() {
            let mut list = Vec::new();
            for field in &fields {
                if field.glob && !text::has_hole(&field.text) {
                    let found = self.glob(dir, &field.pattern, state.options);
                    if found.is_empty() && !state.options.nullglob {
                        list.push(field.text.clone());
                    }
                    list.extend(found);
                } else {
                    list.push(field.text.clone());
                }
            }
            if !lists.contains(&list) {
                lists.push(list);
            }
        }
        lists
    }
}

fn finish(fields: &mut Vec<Field>, field: &mut Field) {
    let done = std::mem::take(field);
    if done.kept || !done.text.is_empty() {
        fields.push(done);
    }
}
