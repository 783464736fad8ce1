//! Ruby's calls that write, run commands, or build paths.

use super::calls::Arg::{AllButLast, At, From, Last, Receiver};
use super::calls::Does::{
    Attributes, ChangeDir, Code, Copy, CopyTree, Delete, DeleteTree, Exec, Folder, Gives, Link,
    Move, Opaque, Open, Write,
};
use super::calls::{Does, Gives as G, Row};

const WRITE: &[Does] = &[Write(At(0, ""))];
const OPEN: &[Does] = &[Open { path: At(0, ""), mode: At(1, "mode") }];
const DELETE: &[Does] = &[Delete(From(0))];
const DELETE_TREE: &[Does] = &[DeleteTree(From(0))];
const FOLDER: &[Does] = &[Folder(From(0))];
const COPY: &[Does] = &[Copy(At(0, ""), At(1, ""))];
const COPY_TREE: &[Does] = &[CopyTree(At(0, ""), At(1, ""))];
const MOVE: &[Does] = &[Move(AllButLast, Last)];
const LINK: &[Does] = &[Link(At(1, ""))];

/// By full name; `::` is `.`.
pub(super) const CALLS: &[Row] = &[
    ("File.write", WRITE),
    ("File.binwrite", WRITE),
    ("IO.write", WRITE),
    ("IO.binwrite", WRITE),
    ("File.open", OPEN),
    ("File.new", OPEN),
    ("open", &[Open { path: At(0, ""), mode: At(1, "mode") }]),
    ("CSV.open", OPEN),
    ("File.delete", DELETE),
    ("File.unlink", DELETE),
    ("Dir.rmdir", DELETE),
    ("Dir.delete", DELETE),
    ("Dir.unlink", DELETE),
    ("File.rename", &[Move(At(0, ""), At(1, ""))]),
    ("File.symlink", LINK),
    ("File.link", LINK),
    ("File.truncate", WRITE),
    ("File.mkfifo", WRITE),
    ("File.chmod", &[Attributes(From(1))]),
    ("File.chown", &[Attributes(From(2))]),
    ("File.utime", &[Attributes(From(2))]),
    ("Dir.mkdir", &[Folder(At(0, ""))]),
    ("Dir.chdir", &[ChangeDir(At(0, ""))]),
    ("FileUtils.cd", &[ChangeDir(At(0, ""))]),
    ("FileUtils.touch", &[Write(From(0))]),
    ("FileUtils.mkdir", FOLDER),
    ("FileUtils.mkdir_p", FOLDER),
    ("FileUtils.makedirs", FOLDER),
    ("FileUtils.rm", DELETE),
    ("FileUtils.rm_f", DELETE),
    ("FileUtils.remove", DELETE),
    ("FileUtils.rmdir", DELETE),
    ("FileUtils.rm_r", DELETE_TREE),
    ("FileUtils.rm_rf", DELETE_TREE),
    ("FileUtils.rmtree", DELETE_TREE),
    ("FileUtils.remove_dir", DELETE_TREE),
    ("FileUtils.remove_entry", DELETE_TREE),
    ("FileUtils.cp", COPY),
    ("FileUtils.copy", COPY),
    ("FileUtils.copy_file", COPY),
    ("FileUtils.install", COPY),
    ("FileUtils.cp_r", COPY_TREE),
    ("FileUtils.mv", MOVE),
    ("FileUtils.move", MOVE),
    ("FileUtils.ln", LINK),
    ("FileUtils.ln_s", LINK),
    ("FileUtils.ln_sf", LINK),
    ("FileUtils.chmod", &[Attributes(From(1))]),
    ("FileUtils.chmod_R", &[Attributes(From(1))]),
    ("system", &[Exec]),
    ("exec", &[Exec]),
    ("spawn", &[Exec]),
    ("IO.popen", &[Exec]),
    ("Open3.capture2", &[Exec]),
    ("Open3.capture2e", &[Exec]),
    ("Open3.capture3", &[Exec]),
    ("Process.spawn", &[Exec]),
    ("eval", &[Code(At(0, ""))]),
    ("instance_eval", &[Opaque]),
    ("send", &[Opaque]),
    ("File.join", &[Gives(G::JoinPath)]),
    ("File.expand_path", &[Gives(G::Same(At(0, "")))]),
    ("File.absolute_path", &[Gives(G::Same(At(0, "")))]),
    ("File.dirname", &[Gives(G::Parent(At(0, "")))]),
    ("File.basename", &[Gives(G::Base(At(0, "")))]),
    ("Pathname.new", &[Gives(G::Same(At(0, "")))]),
    ("Pathname", &[Gives(G::Same(At(0, "")))]),
    ("Dir.glob", &[Gives(G::Glob(At(0, "")))]),
    ("Dir.pwd", &[Gives(G::Here)]),
    ("Dir.mktmpdir", &[Gives(G::Temp)]),
    ("Dir.tmpdir", &[Gives(G::Temp)]),
    ("Base64.decode64", &[Gives(G::Decode)]),
];

/// By the method's name, whatever it is called on.
pub(super) const METHODS: &[Row] = &[
    ("write", &[Write(Receiver)]),
    ("delete", &[Delete(Receiver)]),
    ("rename", &[Move(Receiver, At(0, ""))]),
    ("open", &[Open { path: Receiver, mode: At(0, "") }]),
    ("mkpath", &[Folder(Receiver)]),
    ("rmtree", &[DeleteTree(Receiver)]),
    ("instance_eval", &[Opaque]),
    ("class_eval", &[Opaque]),
    ("send", &[Opaque]),
    ("public_send", &[Opaque]),
    ("to_s", &[Gives(G::Same(Receiver))]),
    ("chomp", &[Gives(G::Same(Receiver))]),
    ("strip", &[Gives(G::Same(Receiver))]),
    ("sort", &[Gives(G::Same(Receiver))]),
    ("join", &[Gives(G::JoinPathToReceiver)]),
    ("expand_path", &[Gives(G::Same(Receiver))]),
];
