//! The functions as they go to AWS: archives with one program each.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::error::Error;
use crate::function::Program;

/// A function with its archive.
#[derive(Debug)]
pub(crate) struct Function {
    /// Its program, unpacked.
    pub(crate) program: Program,
    /// Its archive's size in bytes; `None` where only a program was given.
    pub(crate) archive_bytes: Option<u64>,
}

/// What is measured: the functions, in the order of their names, and the smallest one.
#[derive(Debug)]
pub(crate) struct Functions {
    /// The project's.
    pub(crate) ours: Vec<Function>,
    /// What they are measured against.
    pub(crate) hello: Function,
}

impl Functions {
    /// Unpacks all archives of a folder, and the smallest function's.
    pub(crate) fn unpack(archives: &Path, hello: &Path, scratch: &Path) -> Result<Self, Error> {
        let mut paths: Vec<PathBuf> = fs::read_dir(archives)
            .map_err(Error::file("read", archives))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "zip"))
            .collect();
        paths.sort();
        if paths.is_empty() {
            return Err(Error::missing(
                format!("an archive in {}", archives.display()),
                "`cargo xtask package --arch x86_64` builds them",
            ));
        }
        Ok(Self {
            ours: paths
                .iter()
                .map(|path| unpack(path, &stem(path), scratch))
                .collect::<Result<_, _>>()?,
            hello: unpack(hello, "hello-world", scratch)?,
        })
    }

    /// The function of this name, if its archive was there.
    pub(crate) fn named(&self, name: &str) -> Option<&Function> {
        self.ours.iter().find(|function| function.program.name == name)
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Puts the `bootstrap` of an archive where it can be started. A program that is in no archive is started where it is.
fn unpack(path: &Path, name: &str, scratch: &Path) -> Result<Function, Error> {
    let program = |path: PathBuf| Program {
        name: name.to_owned(),
        path,
    };
    let mut file = File::open(path).map_err(Error::file("read", path))?;
    if path.extension().is_none_or(|extension| extension != "zip") {
        return Ok(Function {
            program: program(path.to_path_buf()),
            archive_bytes: None,
        });
    }
    let unusable = |error: zip::result::ZipError| Error::answer(path.display().to_string(), error);
    let size = file.metadata().map_err(Error::file("read", path))?.len();
    let mut archive = ZipArchive::new(&mut file).map_err(unusable)?;
    let mut packed = archive.by_name("bootstrap").map_err(unusable)?;
    let unpacked = scratch.join(name);
    let mut bootstrap = File::create(&unpacked).map_err(Error::file("create", &unpacked))?;
    std::io::copy(&mut packed, &mut bootstrap).map_err(Error::file("write", &unpacked))?;
    fs::set_permissions(&unpacked, fs::Permissions::from_mode(0o755))
        .map_err(Error::file("write", &unpacked))?;
    Ok(Function {
        program: program(unpacked),
        archive_bytes: Some(size),
    })
}
