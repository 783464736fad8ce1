//! Reports and evidence on recorded transcripts.
