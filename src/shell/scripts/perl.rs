//! Perl's calls that write, run commands, or build paths.

use super::calls::Arg::{At, From};
use super::calls::Does::{
    Attributes, ChangeDir, Code, Copy, CopyTree, Delete, DeleteTree, Exec, Folder, Gives, Link,
    Move, Open, Write,
};
use super::calls::{Does, Gives as G, Row};

const DELETE_TREE: &[Does] = &[DeleteTree(From(0))];
const FOLDER: &[Does] = &[Folder(From(0))];

/// By name, with and without its module.
pub(super) const CALLS: &[Row] = &[
    ("open", &[Does::PerlOpen]),
    ("sysopen", &[Open { path: At(1, ""), mode: At(2, "") }]),
    ("unlink", &[Delete(From(0))]),
    ("rmdir", &[Delete(From(0))]),
    ("mkdir", &[Folder(At(0, ""))]),
    ("rename", &[Move(At(0, ""), At(1, ""))]),
    ("symlink", &[Link(At(1, ""))]),
    ("link", &[Link(At(1, ""))]),
    ("truncate", &[Write(At(0, ""))]),
    ("chmod", &[Attributes(From(1))]),
    ("chown", &[Attributes(From(2))]),
    ("utime", &[Attributes(From(2))]),
    ("chdir", &[ChangeDir(At(0, ""))]),
    ("system", &[Exec]),
    ("exec", &[Exec]),
    ("eval", &[Code(At(0, ""))]),
    ("copy", &[Copy(At(0, ""), At(1, ""))]),
    ("cp", &[Copy(At(0, ""), At(1, ""))]),
    ("move", &[Move(At(0, ""), At(1, ""))]),
    ("mv", &[Move(At(0, ""), At(1, ""))]),
    ("File::Copy::copy", &[Copy(At(0, ""), At(1, ""))]),
    ("File::Copy::move", &[Move(At(0, ""), At(1, ""))]),
    ("dircopy", &[CopyTree(At(0, ""), At(1, ""))]),
    ("make_path", FOLDER),
    ("mkpath", FOLDER),
    ("File::Path::make_path", FOLDER),
    ("File::Path::mkpath", FOLDER),
    ("remove_tree", DELETE_TREE),
    ("rmtree", DELETE_TREE),
    ("File::Path::remove_tree", DELETE_TREE),
    ("File::Path::rmtree", DELETE_TREE),
    ("write_file", &[Write(At(0, ""))]),
    ("append_file", &[Write(At(0, ""))]),
    ("spurt", &[Write(At(0, ""))]),
    ("tempdir", &[Gives(G::Temp)]),
    ("tempfile", &[Gives(G::Temp)]),
    ("glob", &[Gives(G::Glob(At(0, "")))]),
    ("catfile", &[Gives(G::JoinPath)]),
    ("path", &[Gives(G::JoinPath)]),
    ("dirname", &[Gives(G::Parent(At(0, "")))]),
    ("basename", &[Gives(G::Base(At(0, "")))]),
    ("cwd", &[Gives(G::Here)]),
    ("getcwd", &[Gives(G::Here)]),
    ("decode_base64", &[Gives(G::Decode)]),
    ("shift", &[Gives(G::Shift)]),
    ("sort", &[Gives(G::Same(From(0)))]),
];

/// By the method's name, whatever it is called on.
pub(super) const METHODS: &[Row] = &[
    ("spew", &[Write(super::calls::Arg::Receiver)]),
    ("spew_utf8", &[Write(super::calls::Arg::Receiver)]),
    ("append_utf8", &[Write(super::calls::Arg::Receiver)]),
    ("touch", &[Write(super::calls::Arg::Receiver)]),
    ("remove", &[Delete(super::calls::Arg::Receiver)]),
    ("remove_tree", &[DeleteTree(super::calls::Arg::Receiver)]),
    ("child", &[Gives(G::JoinPathToReceiver)]),
    ("catfile", &[Gives(G::JoinPath)]),
];

/// The variable that `$list[0]` and `$map{key}` index is told by what follows;
/// names are kept without their sigil.
pub(super) fn container(name: &str) -> &str {
    match name.strip_prefix(['$', '@', '%']) {
        Some(bare) if !bare.is_empty() => bare,
        _ => name,
    }
}
