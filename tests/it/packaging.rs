//! What is installed beside the program: desktop entry, metadata, icons, packages. The release itself is
//! not built here; a stand-in that runs the program of these tests is packaged.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use quick_xml::Reader;
use quick_xml::events::Event;

const METAINFO: &str =
    "packaging/linux/io.github.bedrock_playground.bedrock_playground.metainfo.xml";
const DESKTOP: &str = "packaging/linux/bedrock-playground.desktop";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a readable file")
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// The texts of an element, wherever it stands.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut inside, mut found) = (false, Vec::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => inside = start.name().as_ref() == name.as_bytes(),
            Event::Text(text) if inside => {
                found.push(text.decode().expect("UTF-8").into_owned());
                inside = false;
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// The keys of the entry's first group.
fn entry() -> Vec<(String, String)> {
    let file = text(DESKTOP);
    let mut lines = file.lines();
    assert_eq!(lines.next(), Some("[Desktop Entry]"));
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn the_desktop_entry_starts_the_program_with_files() {
    let entry = entry();
    let value = |wanted: &str| {
        let found = entry.iter().find(|(key, _)| key == wanted);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(value("Type"), Some("Application"));
    assert_eq!(value("Exec"), Some("bedrock-playground %F"));
    assert_eq!(value("Icon"), Some("bedrock-playground"));
    // What the window calls itself, so that task bars find its icon.
    assert_eq!(value("StartupWMClass"), Some("bedrock-playground"));
    assert_eq!(value("Terminal"), Some("false"));
    for list in ["Categories", "MimeType", "Keywords", "Actions"] {
        assert!(
            value(list).is_some_and(|value| value.ends_with(';')),
            "{list}"
        );
    }
    if has("desktop-file-validate") {
        let output = Command::new("desktop-file-validate")
            .arg(root().join(DESKTOP))
            .output()
            .expect("desktop-file-validate runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.is_empty(), "{said}");
    } else {
        eprintln!("skipped: desktop-file-validate is not here");
    }
    let file = text(DESKTOP);
    for action in value("Actions").unwrap_or_default().split_terminator(';') {
        assert!(
            file.contains(&format!("[Desktop Action {action}]")),
            "{action}"
        );
    }
    let keys: BTreeSet<_> = entry.iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), entry.len(), "a key stands twice");
}

#[test]
fn the_metadata_agrees_with_the_desktop_entry_and_the_version() {
    let xml = text(METAINFO);
    let of_entry: BTreeSet<String> = entry()
        .into_iter()
        .filter(|(key, _)| key == "MimeType")
        .flat_map(|(_, value)| {
            let kinds = value.split_terminator(';').map(str::to_owned);
            kinds.collect::<Vec<_>>()
        })
        .collect();
    let of_metadata: BTreeSet<String> = elements(&xml, "mediatype").into_iter().collect();
    assert_eq!(of_entry, of_metadata);
    assert_eq!(elements(&xml, "launchable"), ["bedrock-playground.desktop"]);
    let id = elements(&xml, "id").remove(0);
    assert!(METAINFO.contains(&format!("/{id}.metainfo.xml")), "{id}");
    let release = format!("<release version=\"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(xml.contains(&release), "the version has no release");
    if !has("appstreamcli") {
        eprintln!("skipped: appstreamcli is not here to validate the metadata");
        return;
    }
    let output = Command::new("appstreamcli")
        .args(["validate", "--no-net"])
        .arg(root().join(METAINFO))
        .output()
        .expect("appstreamcli runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}

#[test]
fn icons_have_the_sizes_they_are_named_by() {
    for size in [16, 32, 48, 64, 128, 256, 512] {
        let path = root().join(format!("assets/icon/icon-{size}.png"));
        let icon = image::open(&path).expect("a picture").into_rgba8();
        assert_eq!(icon.dimensions(), (size, size));
        assert!(icon.get_pixel(0, 0).0[3] < 32, "its corners are clear");
        // The blue of the upper sheet, a third from the top.
        let [red, green, blue, alpha] = icon.get_pixel(size / 2, size / 3).0;
        assert!(
            alpha == 255 && blue > 200 && green > 140 && red < 120,
            "{size}: {red} {green} {blue}"
        );
    }
}

#[test]
fn definitions_for_other_systems_are_well_formed() {
    for path in [
        "packaging/macos/Info.plist",
        "packaging/windows/bedrock-playground.wxs",
        "assets/icon/icon.svg",
    ] {
        let xml = text(path);
        let mut reader = Reader::from_str(&xml);
        let mut elements = 0;
        loop {
            match reader
                .read_event()
                .unwrap_or_else(|error| panic!("{path}: {error}"))
            {
                Event::Eof => break,
                Event::Start(_) | Event::Empty(_) => elements += 1,
                _ => {}
            }
        }
        assert!(elements > 3, "{path}");
    }
    for workflow in ["ci", "release"] {
        let yaml = text(&format!(".github/workflows/{workflow}.yml"));
        assert!(!yaml.contains('\t'), "YAML has no tabs");
        assert!(
            yaml.contains("permissions:\n  contents: read"),
            "no more rights than needed"
        );
    }
}

#[cfg(unix)]
#[test]
fn the_notices_name_what_is_compiled_in_and_each_font() {
    let output = Command::new(root().join("script/notices"))
        .output()
        .expect("the script runs");
    let notices = String::from_utf8(output.stdout).expect("text");
    for named in [
        "\negui 0.37",
        "\naws-sdk-bedrockruntime 1.",
        "SIL OPEN FONT LICENSE",
        "BITSTREAM VERA LICENSE",
    ] {
        assert!(notices.contains(named), "{named}");
    }
    // Only tests are built with it.
    assert!(!notices.contains("\nproptest "));
}

/// A program that is small to package and acts like the real one.
#[cfg(target_os = "linux")]
fn stand_in(folder: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("bedrock-playground");
    let script = format!(
        "#!/bin/sh\nexec '{}' \"$@\"\n",
        env!("CARGO_BIN_EXE_bedrock-playground")
    );
    fs::write(&path, script).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("made executable");
    path
}

/// Packages the stand-in into the folder it is in.
#[cfg(target_os = "linux")]
fn package(kind: &str, folder: &Path) -> PathBuf {
    let output = Command::new(root().join("script/package"))
        .args([kind, "--binary"])
        .arg(stand_in(folder))
        .arg("--out")
        .arg(folder)
        .env("DEB_COMPRESSION", "gzip")
        .output()
        .expect("the script runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let package = String::from_utf8(output.stdout).expect("a path");
    PathBuf::from(package.trim())
}

#[cfg(target_os = "linux")]
#[test]
fn the_folder_of_an_appimage_starts_the_program_from_anywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let tree = package("appdir", folder.path());
    // What the format asks for at the top.
    for file in [
        "bedrock-playground.desktop",
        "bedrock-playground.png",
        ".DirIcon",
    ] {
        assert!(tree.join(file).exists(), "{file}");
    }
    let version = Command::new(tree.join("AppRun"))
        .arg("--version")
        .current_dir("/")
        .output()
        .expect("it runs");
    assert!(String::from_utf8_lossy(&version.stdout).contains(env!("CARGO_PKG_VERSION")));
}

#[cfg(target_os = "linux")]
#[test]
fn the_archive_installs_itself_and_takes_all_of_it_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = package("tar", folder.path());
    let unpacked = Command::new("tar")
        .args(["-xzf".as_ref(), archive.as_os_str(), "-C".as_ref()])
        .arg(folder.path())
        .status()
        .expect("tar runs");
    assert!(unpacked.success());
    let name = archive.file_name().expect("a name").to_string_lossy();
    let script = folder
        .path()
        .join(name.trim_end_matches(".tar.gz"))
        .join("install.sh");
    let install = |arguments: &[&std::ffi::OsStr]| {
        let output = Command::new(&script)
            .args(arguments)
            .current_dir("/")
            .output()
            .expect("the script runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    };
    // A name that a shell must not take apart.
    let home = folder.path().join("my programs");
    let others = home.join("share/doc/of another program");
    fs::create_dir_all(&others).expect("a folder");
    install(&[home.as_os_str()]);
    let program = home.join("bin/bedrock-playground");
    let version = Command::new(&program).arg("--version").output();
    let said = version.expect("the installed program runs").stdout;
    assert!(String::from_utf8_lossy(&said).contains(env!("CARGO_PKG_VERSION")));
    let entry = home.join("share/applications/bedrock-playground.desktop");
    let entry = fs::read_to_string(entry).expect("a desktop entry");
    let exec = format!("Exec=\"{}\" %F", program.display());
    assert!(entry.contains(&exec), "{entry}");
    install(&["--remove".as_ref(), home.as_os_str()]);
    let left = Command::new("find")
        .arg(&home)
        .args(["-type", "f"])
        .output()
        .expect("find runs");
    assert_eq!(String::from_utf8_lossy(&left.stdout), "");
    assert!(!home.join("share/doc/bedrock-playground").exists());
    assert!(others.exists(), "what is not its own stays");
}

#[cfg(target_os = "linux")]
#[test]
fn the_windows_installer_holds_the_program_its_menu_entry_and_open_with() {
    if !has("wixl") || !has("msiinfo") {
        eprintln!("skipped: wixl and msiinfo are not here");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("bedrock-playground-window.exe"),
        "launcher",
    )
    .expect("written");
    let installer = package("msi", folder.path());
    let table = |name: &str| {
        let output = Command::new("msiinfo")
            .args(["export".as_ref(), installer.as_os_str(), name.as_ref()])
            .output()
            .expect("msiinfo runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let stand_in = fs::metadata(folder.path().join("bedrock-playground")).expect("a file");
    let file = format!("bedrock-playground.exe\t{}\t", stand_in.len());
    assert!(table("File").contains(&file), "{}", table("File"));
    for text in ["License.txt", "Third-party notices.txt"] {
        assert!(table("File").contains(text), "{text}");
    }
    assert!(table("Shortcut").contains("[INSTALLDIR]bedrock-playground-window.exe"));
    let registry = table("Registry");
    assert!(
        registry.contains(r#""[INSTALLDIR]bedrock-playground-window.exe" "%1""#),
        "{registry}"
    );
    assert!(registry.contains("\t.jpg\t"), "{registry}");
    let properties = table("Property");
    let version = format!("ProductVersion\t{}", env!("CARGO_PKG_VERSION"));
    assert!(properties.contains(&version), "{properties}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_debian_package_holds_all_that_a_desktop_wants() {
    if !has("dpkg-deb") {
        eprintln!("skipped: dpkg-deb is not here");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let package = package("deb", folder.path());
    let field = |name: &str| {
        let output = Command::new("dpkg-deb")
            .arg("--field")
            .args([package.as_os_str(), name.as_ref()])
            .output()
            .expect("dpkg-deb runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(field("Version"), env!("CARGO_PKG_VERSION"));
    let depends = field("Depends");
    for needed in ["ca-certificates", "libc6 (>= 2."] {
        assert!(depends.contains(needed), "{depends}");
    }
    assert!(field("Recommends").contains("libxkbcommon-x11-0"));
    let system = folder.path().join("root");
    let unpacked = Command::new("dpkg-deb")
        .args([
            "--extract".as_ref(),
            package.as_os_str(),
            system.as_os_str(),
        ])
        .status()
        .expect("dpkg-deb runs");
    assert!(unpacked.success());
    let share = system.join("usr/share");
    for file in [
        "applications/bedrock-playground.desktop",
        "metainfo/io.github.bedrock_playground.bedrock_playground.metainfo.xml",
        "icons/hicolor/scalable/apps/bedrock-playground.svg",
        "icons/hicolor/48x48/apps/bedrock-playground.png",
        "man/man1/bedrock-playground.1.gz",
        "man/man1/bedrock-playground-alt-text.1.gz",
        "bash-completion/completions/bedrock-playground",
        "zsh/vendor-completions/_bedrock-playground",
        "fish/vendor_completions.d/bedrock-playground.fish",
        "doc/bedrock-playground/copyright",
        "doc/bedrock-playground/third-party.gz",
        "doc/bedrock-playground/guide/alt-text.md",
    ] {
        let length = fs::metadata(share.join(file)).map(|file| file.len());
        assert!(
            length.as_ref().is_ok_and(|length| *length > 100),
            "{file}: {length:?}"
        );
    }
    let version = Command::new(system.join("usr/bin/bedrock-playground"))
        .arg("--version")
        .output()
        .expect("the installed program runs");
    assert!(String::from_utf8_lossy(&version.stdout).contains(env!("CARGO_PKG_VERSION")));
}
