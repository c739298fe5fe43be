//! A page as a PDF: printed by a browser of the user, with scripts and the network off.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The names that browsers with this way of printing go by.
const NAMES: [&str; 9] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "brave-browser",
];
/// Where they stand outside the search path.
const PLACES: [(&str, &str); 7] = [
    ("", "/Applications/Chromium.app/Contents/MacOS/Chromium"),
    ("", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ("", "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ("ProgramFiles", "Google/Chrome/Application/chrome.exe"),
    ("ProgramFiles(x86)", "Google/Chrome/Application/chrome.exe"),
    ("ProgramFiles", "Microsoft/Edge/Application/msedge.exe"),
    ("ProgramFiles(x86)", "Microsoft/Edge/Application/msedge.exe"),
];
/// A browser that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(90);

/// Finds a browser: the one that was named, else one that is there.
///
/// # Errors
/// What to do, in a sentence.
pub(super) fn browser(named: Option<&Path>) -> Result<PathBuf, String> {
    let folders: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    let in_path = |name: &Path| {
        let whole = |it: &PathBuf| [it.join(name), it.join(name).with_extension("exe")];
        folders.iter().flat_map(whole).find(|it| it.is_file())
    };
    if let Some(name) = named {
        let found = if name.is_file() { Some(name.to_path_buf()) } else { in_path(name).filter(|_| name.components().count() == 1) };
        return found.ok_or_else(|| format!("no browser `{}`", name.display()));
    }
    let elsewhere = || {
        PLACES.iter().find_map(|(variable, place)| {
            let above = if variable.is_empty() { Some(PathBuf::new()) } else { std::env::var_os(variable).map(PathBuf::from) };
            above.map(|it| it.join(place)).filter(|it| it.is_file())
        })
    };
    NAMES.iter().find_map(|it| in_path(Path::new(it))).or_else(elsewhere).ok_or_else(|| {
        "no Chromium, Chrome or Edge for --pdf: install one, or name one with --browser; or open the page in any browser and print it to a PDF"
            .to_owned()
    })
}

/// Prints a page that stands on disk; gives the PDF.
///
/// # Errors
/// Why there is none, in a sentence.
pub(super) fn print(browser: &Path, page: &Path) -> Result<Vec<u8>, String> {
    let html = std::fs::read_to_string(page).map_err(|it| format!("{}: {it}", page.display()))?;
    let folder = temporary().map_err(|it| format!("no room for what the browser keeps: {it}"))?;
    let (page, target) = (folder.join("page.html"), folder.join("page.pdf"));
    let copied = std::fs::write(&page, without_scripts(&html)).map_err(|it| format!("{}: {it}", page.display()));
    // A browser that runs as root wants to be told that it may; it opens this page alone, without scripts.
    let printed = copied
        .and_then(|()| run(browser, &page, &folder, &target, false))
        .or_else(|reason| if reason.contains("no-sandbox") { run(browser, &page, &folder, &target, true) } else { Err(reason) });
    let pdf = printed.and_then(|()| std::fs::read(&target).map_err(|_| "it wrote nothing".to_owned()));
    // What the browser kept is of no further use; that it cannot be removed changes nothing.
    let _ = std::fs::remove_dir_all(&folder);
    match pdf {
        Ok(pdf) if pdf.starts_with(b"%PDF-") => Ok(timeless(pdf)),
        Ok(_) => Err(format!("`{}` wrote no PDF", browser.display())),
        Err(reason) => Err(format!("`{}` could not print: {reason}", browser.display())),
    }
}

/// A folder that was not there before.
fn temporary() -> std::io::Result<PathBuf> {
    let mut count = 0;
    loop {
        let folder = std::env::temp_dir().join(format!("peil-pdf-{}-{count}", std::process::id()));
        match std::fs::create_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && count < 1_000 => count += 1,
            made => return made.map(|()| folder),
        }
    }
}

fn run(browser: &Path, page: &Path, folder: &Path, target: &Path, as_root: bool) -> Result<(), String> {
    let with = |option: &str, path: &Path| {
        let mut text = OsString::from(option);
        text.push(path);
        text
    };
    let mut command = Command::new(browser);
    command.args(["--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync"]);
    command.args(["--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-quic"]);
    // No request, whatever the page says.
    command.arg("--host-resolver-rules=MAP * ~NOTFOUND");
    command.args(["--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline", "--font-render-hinting=none"]);
    if as_root {
        command.arg("--no-sandbox");
    }
    command.arg(with("--user-data-dir=", &folder.join("profile"))).arg(with("--print-to-pdf=", target)).arg(address(page));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|it| it.to_string())?;
    let said = child.stderr.take();
    // It may say more than a pipe holds.
    let said = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = said.map(|it| it.take(1 << 16).read_to_end(&mut text));
        String::from_utf8_lossy(&text).into_owned()
    });
    let started = Instant::now();
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Ok(None) if started.elapsed() > PATIENCE => break Err(format!("it took more than {} s", PATIENCE.as_secs())),
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(error) => break Err(error.to_string()),
        }
    };
    if ended.is_err() {
        // It may just have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
    let status = ended?;
    // Parts of a browser may outlive it and hold the pipe: what it said is waited for only where it is needed.
    if status.success() && target.is_file() {
        return Ok(());
    }
    let text = said.join().unwrap_or_default();
    let last = text.lines().find(|it| it.contains("no-sandbox")).or_else(|| text.lines().rfind(|it| !it.trim().is_empty()));
    Err(last.map_or_else(|| status.to_string(), |it| crate::diagnostic::harmless(it.trim())))
}

/// A page with one more policy, which allows no script: of several policies all hold. To print, a browser runs scripts of
/// its own, so that they cannot be turned off as a whole.
fn without_scripts(html: &str) -> String {
    const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'\">";
    let head = html.find("<head").and_then(|it| Some(it + html[it..].find('>')? + 1)).unwrap_or(0);
    format!("{}{POLICY}{}", &html[..head], &html[head..])
}

/// The address of a file.
fn address(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    // Windows writes whole paths as `\\?\C:\…`.
    let text = text.strip_prefix("//?/").unwrap_or(&text);
    let mut address = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b':') {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

/// Takes the clock out of a PDF: when it was made and changed, which stand in it as plain text.
fn timeless(mut pdf: Vec<u8>) -> Vec<u8> {
    for name in [b"/CreationDate (D:".as_slice(), b"/ModDate (D:"] {
        let places: Vec<usize> = pdf.windows(name.len()).enumerate().filter(|it| it.1 == name).map(|it| it.0 + name.len()).collect();
        for at in places {
            // As long as it was, so that everything stays in its place.
            for (byte, zero) in pdf[at..].iter_mut().zip(*b"20000101000000") {
                if !byte.is_ascii_digit() {
                    break;
                }
                *byte = zero;
            }
        }
    }
    pdf
}

#[cfg(test)]
mod tests {
    use super::{address, timeless, without_scripts};
    use std::path::Path;

    #[test]
    fn an_address_is_plain() {
        assert_eq!(address(Path::new("/a b/é#?.html")), "file:///a%20b/%C3%A9%23%3F.html");
    }

    #[test]
    fn a_page_to_print_allows_no_script_before_it_has_any() {
        let html = without_scripts("<!doctype html><html><head><script>a</script></head></html>");
        assert!(
            html.starts_with(
                "<!doctype html><html><head><meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'\"><script>"
            )
        );
    }

    #[test]
    fn a_pdf_tells_no_time() {
        let pdf = b"x /CreationDate (D:20251122103000+00'00')\n/ModDate (D:2025".to_vec();
        assert_eq!(timeless(pdf), b"x /CreationDate (D:20000101000000+00'00')\n/ModDate (D:2000");
    }
}
