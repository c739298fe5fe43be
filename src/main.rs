//! The program `peil`.

fn main() -> std::process::ExitCode {
    peil::cli::main()
}
