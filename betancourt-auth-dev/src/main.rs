//! Runs the look-alikes from a terminal and prints what an app needs, as lines to copy.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a terminal is what this is for")]

mod arguments;
mod conformance_run;
mod ending;

use std::error::Error;
use std::process::ExitCode;

use arguments::Asked;
use betancourt_auth_dev::{Face, LookAlikes, Setup};

const HELP: &str = "\
Look-alikes of Google, Facebook, Apple and Microsoft for development.

Usage: betancourt-auth-dev [--for URL] [--port PORT]
       betancourt-auth-dev conformance [--for URL] [--port PORT] [--provider ID]
                           [--access-page PATH] [--json] [-- PROGRAM [ARGUMENTS]]

  --for URL    where the app's auth routes begin [http://localhost:3000/api/auth]
  --port PORT  the port on 127.0.0.1; 0 takes a free one [0]

Prints the variables the app needs and runs until Ctrl-C or SIGTERM.

With `conformance` it plays the relying-party modules of the OpenID Foundation
against the app, and prints what came of each. It ends with 1 if one failed.

  --provider ID       what the app calls the provider [oidc]
  --access-page PATH  the page that asks for an access token: /access/{provider}
  --json              prints the report as JSON
  -- PROGRAM          starts the app itself, anew for modules that need that.
                      Without it, the variables are printed, and the app that
                      is started with them is waited for.";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode, Box<dyn Error>> {
    let (app, port) = match arguments::parse(std::env::args().skip(1))? {
        Asked::Serve { app, port } => (app, port),
        Asked::Conformance(asked) => return conformance_run::run(&asked).await,
        Asked::Help => {
            println!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
    };
    let ending = ending::ending()?;
    let lookalikes = Setup::new(&app).port(port).environment_of_this_process().start().await?;
    print_variables(&lookalikes, &app);
    ending.await;
    lookalikes.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Lines for a `.env` file or a shell; a value with line breaks stays one quoted value.
fn print_variables(lookalikes: &LookAlikes, app: &str) {
    println!("# Look-alike providers for {app}, on {} until Ctrl-C", lookalikes.url());
    for face in Face::ALL {
        for (name, value) in lookalikes.client(face).variables() {
            println!("{name}=\"{}\"", value.trim_end());
        }
    }
}
