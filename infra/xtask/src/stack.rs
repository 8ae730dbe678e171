//! The local stack: MiniStack as AWS, the functions on it, a Gemini, and one address in front.

mod artifacts;
mod aws;
pub(crate) mod build;
mod deploy;
mod fake_google;
mod faults;
mod files;
pub(crate) mod front;
mod kinds;
mod lock;
mod ministack;
mod pages;
mod parameters;
pub(crate) mod ports;
mod processes;
pub(crate) mod ready;
mod seed;
mod watch;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

pub(crate) use self::aws::Aws;
pub(crate) use self::build::Programs;
pub(crate) use self::fake_google::FakeGoogle;
pub(crate) use self::files::StackFile;

use self::fake_google::Gemini;
use self::front::Front;
use self::ministack::{Faults, MiniStack};
use self::processes::Processes;
use crate::console::say;
use crate::error::Error;
use crate::python::{Tools, Venv};
use crate::workspace::Workspace;

/// One stack on this machine: the person's, or the test suite's.
#[derive(Debug)]
pub(crate) struct Stack {
    workspace: Workspace,
    directory: PathBuf,
    /// What the state machine's waits are multiplied with.
    wait_scale: &'static str,
    /// How often reconcile-jobs looks by itself, in minutes.
    reconcile_minutes: u8,
    /// True if it should have the ports that people know.
    has_usual_ports: bool,
    /// Where its parts listen. They call each other at loopback, wherever that is.
    host: Ipv4Addr,
    /// True if its programs were built before and lie beside this one.
    is_built: bool,
    /// True if faults can be asked for between its functions and AWS.
    has_faults: bool,
    gemini: Gemini,
}

/// How a stack came to be running.
#[derive(Debug)]
pub(crate) struct Up {
    /// What one needs to use it.
    pub(crate) file: StackFile,
    /// True if it ran before.
    pub(crate) was_running: bool,
    /// True if something was deployed.
    pub(crate) has_changed: bool,
    /// The programs that were built.
    pub(crate) programs: Programs,
}

impl Stack {
    /// Where the stack file of a running stack is.
    pub(crate) fn file(&self) -> PathBuf {
        self.directory.join("stack.json")
    }

    /// The folder with the logs of its processes.
    pub(crate) fn logs(&self) -> PathBuf {
        self.directory.join("logs")
    }

    /// True if the real Gemini is used.
    pub(crate) fn uses_real_gemini(&self) -> bool {
        matches!(self.gemini, Gemini::Real { .. })
    }

    /// The stack file, if the stack runs and answers.
    pub(crate) async fn running(&self) -> Option<StackFile> {
        let processes = Processes::of(&self.directory);
        let file = StackFile::read(&self.directory)?;
        let is_whole = processes.is_running(ministack::NAME)
            && processes.is_running(front::NAME)
            && processes.is_running(fake_google::NAME)
            && ready::answers(&format!("{}/_ministack/health", file.aws_endpoint)).await;
        is_whole.then_some(file)
    }

    /// Brings the stack up, or what runs of it up to date. Whatever was started is ended again if that fails.
    pub(crate) async fn up(&self) -> Result<Up, Error> {
        let _lock = lock::hold(&self.directory)?;
        let programs = if self.is_built {
            Programs::beside(&self.workspace.environment.program)?
        } else {
            Programs::build(&self.workspace)?
        };
        let venv = Venv::ready(&self.workspace, Tools::LocalStack)?;
        let running = self.running().await;
        let was_running = running.is_some();
        let result = match running {
            Some(file) => self.update(&venv, file).await,
            None => self.start(&programs, &venv).await,
        };
        if result.is_err() && !was_running {
            self.end()?;
        }
        let (file, has_changed) = result?;
        Ok(Up {
            file,
            was_running,
            has_changed,
            programs,
        })
    }

    /// Ends the stack. Answers how many of its processes ran.
    pub(crate) fn down(&self) -> Result<usize, Error> {
        let _lock = lock::hold(&self.directory)?;
        self.end()
    }

    async fn start(&self, programs: &Programs, venv: &Venv) -> Result<(StackFile, bool), Error> {
        self.end()?;
        let mut processes = Processes::of(&self.directory);
        let scratch = self.scratch();
        let port = self.port(ministack::USUAL_PORT)?;
        let proxy = self.start_faults(&mut processes, port).await?;
        let state = self.state();
        let ministack = self.ministack(
            venv,
            port,
            &scratch,
            proxy.as_deref().map(|proxy| (proxy, &*state)),
        );
        ministack.start(&mut processes).await?;
        let google_port = self.port(fake_google::USUAL_PORT)?;
        let google = programs.tool(fake_google::NAME)?;
        let google_url = fake_google::start(&mut processes, google, self.host, google_port).await?;
        fake_google::add_demo_account(&google_url).await?;
        let gemini_url = self.gemini.url(&google_url);
        let front_port = self.port(front::USUAL_PORT)?;
        let base_url = format!("http://localhost:{front_port}");
        let aws = Aws::new(venv, &ministack.endpoint());
        self.put_secrets(&aws)?;
        let parameters = parameters::local(
            (&base_url, &google_url, &gemini_url),
            port,
            self.reconcile_minutes,
        );
        let outputs = self.deploy(&aws, &parameters).await?.outputs;
        let distribution = outputs
            .get("DistributionDomain")
            .cloned()
            .ok_or_else(|| Error::Stack("template.yaml has no output `DistributionDomain`".to_owned()))?;
        let front = Front {
            host: self.host,
            port: front_port,
            to: port,
            distribution,
        };
        front
            .start(&self.workspace.environment.program, &mut processes)
            .await?;
        let user = seed::seed(programs.tool("packshot-seed")?, &ministack.endpoint(), &outputs)?;
        let file = StackFile {
            base_url,
            aws_endpoint: ministack.endpoint(),
            google_url,
            gemini_url,
            api_key: user.api_key,
            user_email: seed::EMAIL.to_owned(),
            webhook_secret: user.webhook_secret,
            faults_url: proxy,
            seed_program: programs.tool("packshot-seed")?.to_path_buf(),
            outputs,
        };
        file.write(&self.directory)?;
        Ok((file, true))
    }

    fn ministack<'a>(
        &self,
        venv: &'a Venv,
        port: u16,
        scratch: &'a Path,
        faults: Option<(&'a str, &'a Path)>,
    ) -> MiniStack<'a> {
        MiniStack {
            venv,
            host: self.host,
            port,
            wait_scale: self.wait_scale,
            scratch,
            faults: faults.map(|(proxy, state)| Faults { proxy, state }),
        }
    }

    /// Starts what stands between the functions and AWS, where something is to.
    async fn start_faults(&self, processes: &mut Processes, to: u16) -> Result<Option<String>, Error> {
        if !self.has_faults {
            return Ok(None);
        }
        let venv = Venv::ready(&self.workspace, Tools::Chaos)?;
        faults::start(processes, &venv, to).await.map(Some)
    }

    /// Ends the AWS of a stack that runs and starts it again, with the state that it has kept.
    pub(crate) async fn restart_aws(&self) -> Result<(), Error> {
        let file = StackFile::read(&self.directory)
            .ok_or_else(|| Error::Stack("no stack runs whose AWS could be restarted".to_owned()))?;
        let venv = Venv::ready(&self.workspace, Tools::LocalStack)?;
        let mut processes = Processes::of(&self.directory);
        processes.stop(ministack::NAME)?;
        let (scratch, state) = (self.scratch(), self.state());
        let faults = file.faults_url.as_deref().map(|proxy| (proxy, &*state));
        self.ministack(&venv, port_of(&file.aws_endpoint), &scratch, faults)
            .start(&mut processes)
            .await
    }

    /// Deploys what has changed to a stack that runs.
    async fn update(&self, venv: &Venv, mut file: StackFile) -> Result<(StackFile, bool), Error> {
        file.gemini_url = self.gemini.url(&file.google_url);
        // The real Gemini and the embedded one are waited for differently.
        ministack::set_wait_scale(&file.aws_endpoint, self.wait_scale).await?;
        let aws = Aws::new(venv, &file.aws_endpoint);
        self.put_secrets(&aws)?;
        let parameters = parameters::local(
            (&file.base_url, &file.google_url, &file.gemini_url),
            port_of(&file.aws_endpoint),
            self.reconcile_minutes,
        );
        let deployment = self.deploy(&aws, &parameters).await?;
        file.outputs = deployment.outputs;
        file.write(&self.directory)?;
        Ok((file, deployment.changed))
    }

    async fn deploy(&self, aws: &Aws, parameters: &[(&str, String)]) -> Result<deploy::Deployment, Error> {
        let source = deploy::Source {
            root: &self.workspace.root,
            lambda: &self.workspace.lambda_directory(),
            directory: &self.directory,
        };
        let deployment = deploy::deploy(aws, &source, parameters).await?;
        let bucket = deployment
            .outputs
            .get("WebBucket")
            .ok_or_else(|| Error::Stack("template.yaml has no output `WebBucket`".to_owned()))?;
        pages::publish_documents(aws, &self.workspace.root, &self.directory.join("docs"), bucket)?;
        pages::publish_page(aws, &self.workspace, bucket)?;
        watch::write_variables(aws, &self.directory)?;
        Ok(deployment)
    }

    /// The AWS command line, for a stack that runs.
    pub(crate) fn aws(&self, file: &StackFile) -> Result<Aws, Error> {
        let venv = Venv::ready(&self.workspace, Tools::LocalStack)?;
        Ok(Aws::new(&venv, &file.aws_endpoint))
    }

    /// Starts `cargo lambda watch` for the functions of this stack, which runs, and answers with its port. It ends with the
    /// stack.
    pub(crate) fn watch(&self, cargo_lambda: &Path) -> Result<u16, Error> {
        watch::start(&self.workspace, &self.directory, cargo_lambda)
    }

    /// What the stack's parameters hold that must be told to nobody.
    pub(crate) fn secrets(&self) -> Vec<String> {
        vec![
            self.gemini.api_key().to_owned(),
            fake_google::CLIENT_SECRET.to_owned(),
        ]
    }

    fn put_secrets(&self, aws: &Aws) -> Result<(), Error> {
        aws.verify_sender(parameters::SENDER)?;
        aws.put_secret(parameters::GEMINI_KEY, self.gemini.api_key())?;
        aws.put_secret(parameters::GOOGLE_CLIENT, &fake_google::client())
    }

    fn end(&self) -> Result<usize, Error> {
        StackFile::remove(&self.directory)?;
        let count = Processes::of(&self.directory).stop_all()?;
        // Unpacked functions; whatever stays is taken away by the next end.
        let _ = std::fs::remove_dir_all(self.scratch());
        let _ = std::fs::remove_dir_all(self.state());
        Ok(count)
    }

    /// The port that people know if it is free, else another, which they are told of.
    fn port(&self, usual: u16) -> Result<u16, Error> {
        if !self.has_usual_ports {
            return ports::choose(None);
        }
        let port = ports::choose(Some(usual))?;
        if port != usual {
            say(format!(
                "  Port {usual} is in use by another program; {port} is used instead."
            ));
        }
        Ok(port)
    }

    fn scratch(&self) -> PathBuf {
        self.directory.join("scratch")
    }

    /// What AWS keeps over a restart.
    fn state(&self) -> PathBuf {
        self.directory.join("state")
    }
}

fn port_of(endpoint: &str) -> u16 {
    let port = endpoint.rsplit(':').next().and_then(|port| port.parse().ok());
    port.unwrap_or(ministack::USUAL_PORT)
}
