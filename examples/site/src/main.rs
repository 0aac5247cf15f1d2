//! The commands of the site: serve, migrate, and who is an administrator.

use std::collections::HashMap;
use std::process::ExitCode;

use betancourt_site::settings::{LogFormat, Settings};
use betancourt_site::start::{self, Stop};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// The Betancourt Audio site. Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "betancourt-site", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes the tables of the database, or adopts those that are there.
    Migrate,
    /// Says who is an administrator.
    #[command(subcommand)]
    Admin(Admin),
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Makes somebody who has signed in once an administrator.
    Grant {
        /// The address they signed in with.
        email: String,
    },
    /// Makes an administrator a client again.
    Revoke {
        /// The address they signed in with.
        email: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            #[expect(clippy::print_stderr, reason = "why a command ended is for who typed it")]
            {
                eprintln!("{stop}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Stop> {
    let variables: HashMap<String, String> = std::env::vars().collect();
    log(LogFormat::read(&variables)?);
    let settings = Settings::read(&variables)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Stop::Runtime)?;
    runtime.block_on(async {
        match arguments.command {
            None => start::serve(settings).await,
            Some(Command::Migrate) => start::migrate(&settings).await,
            Some(Command::Admin(Admin::Grant { email })) => {
                start::set_role(&settings, &email, "ADMIN").await
            }
            Some(Command::Admin(Admin::Revoke { email })) => {
                start::set_role(&settings, &email, "CLIENT").await
            }
        }
    })
}

/// Events go to the standard error, one a line; `RUST_LOG` chooses which, `LOG_FORMAT` how they look.
fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
