//! Checks the facts in `assets/models.json` and compiles them into static tables, so that a wrong
//! row stops the build and looking one up costs no start-up time.
//!
//! Also gives the Windows executable its version, which nothing else can.

#[path = "build/check.rs"]
mod check;
#[path = "build/dataset.rs"]
mod dataset;
#[path = "build/emit.rs"]
mod emit;

use std::path::Path;
use std::{env, fs};

use dataset::Dataset;

const DATASET: &str = "assets/models.json";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={DATASET}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let dataset: Dataset = serde_json::from_str(&fs::read_to_string(DATASET)?)
        .map_err(|error| format!("{DATASET}: {error}"))?;
    let problems = check::problems(&dataset);
    if !problems.is_empty() {
        return Err(format!("{DATASET}:\n  {}", problems.join("\n  ")).into());
    }
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("facts.rs"), emit::facts(&dataset)?)?;
    fs::write(out.join("prices.rs"), emit::prices(&dataset)?)?;
    #[cfg(windows)]
    winresource::WindowsResource::new()
        .set_icon("assets/icon/icon.ico")
        .compile()?;
    Ok(())
}
