//! PHP's calls that write, run commands, or build paths.

use super::calls::Arg::At;
use super::calls::Does::{
    Attributes, ChangeDir, Code, Delete, Folder, Gives, Link, Move, Opaque, Open, Shell, Write,
};
use super::calls::{Gives as G, Row};

/// By name, in lower case.
pub(super) const CALLS: &[Row] = &[
    ("file_put_contents", &[Write(At(0, "filename"))]),
    ("fopen", &[Open { path: At(0, "filename"), mode: At(1, "mode") }]),
    ("gzopen", &[Open { path: At(0, "filename"), mode: At(1, "mode") }]),
    ("splfileobject", &[Open { path: At(0, "filename"), mode: At(1, "mode") }]),
    ("touch", &[Write(At(0, "filename"))]),
    ("unlink", &[Delete(At(0, "filename"))]),
    ("rmdir", &[Delete(At(0, "directory"))]),
    ("mkdir", &[Folder(At(0, "directory"))]),
    ("rename", &[Move(At(0, "from"), At(1, "to"))]),
    ("copy", &[Write(At(1, "to"))]),
    ("move_uploaded_file", &[Write(At(1, "to"))]),
    ("symlink", &[Link(At(1, "link"))]),
    ("link", &[Link(At(1, "link"))]),
    ("chmod", &[Attributes(At(0, "filename"))]),
    ("chown", &[Attributes(At(0, "filename"))]),
    ("chgrp", &[Attributes(At(0, "filename"))]),
    ("chdir", &[ChangeDir(At(0, "directory"))]),
    ("system", &[Shell(At(0, "command"))]),
    ("exec", &[Shell(At(0, "command"))]),
    ("shell_exec", &[Shell(At(0, "command"))]),
    ("passthru", &[Shell(At(0, "command"))]),
    ("popen", &[Shell(At(0, "command"))]),
    ("proc_open", &[Shell(At(0, "command"))]),
    ("eval", &[Code(At(0, ""))]),
    ("create_function", &[Opaque]),
    ("call_user_func", &[Opaque]),
    ("dirname", &[Gives(G::Parent(At(0, "path")))]),
    ("basename", &[Gives(G::Base(At(0, "path")))]),
    ("realpath", &[Gives(G::Same(At(0, "path")))]),
    ("getcwd", &[Gives(G::Here)]),
    ("glob", &[Gives(G::Glob(At(0, "pattern")))]),
    ("sys_get_temp_dir", &[Gives(G::Temp)]),
    ("tempnam", &[Gives(G::Temp)]),
    ("base64_decode", &[Gives(G::Decode)]),
];

/// Methods by name: none that would be told apart without types.
pub(super) const METHODS: &[Row] = &[];
