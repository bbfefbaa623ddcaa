use std::io::{self, Write};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let line = "0123456789".repeat(10);
    for _ in 0..1_000_000 {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
