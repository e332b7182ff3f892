//! The other side: a name, an address and a branch.

/// Where a branch goes to and comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Its name here.
    pub name: String,
    /// Where it is, as it stands in the config.
    pub url: String,
    /// The branch there, as `refs/heads/main`.
    pub branch: String,
    /// Whether that branch is set for ours.
    pub is_set: bool,
}

impl Remote {
    /// The ref that says where the branch was when we last knew.
    pub fn tracking(&self) -> String {
        format!("refs/remotes/{}/{}", self.name, short(&self.branch))
    }

    /// Whether it is a folder of this machine.
    pub fn is_folder(&self) -> bool {
        is_folder(&self.url)
    }

    /// The folder of this machine that it is, also where git is to speak with that as with a server.
    pub fn folder(&self) -> Option<&str> {
        self.url.strip_prefix("file://").or_else(|| self.is_folder().then_some(self.url.as_str()))
    }

    /// Where it is, without a name or password that may stand in it.
    pub fn shown(&self) -> String {
        without_password(&self.url)
    }
}

/// A branch by the name that people use: `main`.
pub fn short(branch: &str) -> &str {
    branch.strip_prefix("refs/heads/").unwrap_or(branch)
}

/// Whether an address is a folder of this machine, by git's own rule: no scheme, and no colon before the first slash.
pub fn is_folder(url: &str) -> bool {
    let first = url.split('/').next().unwrap_or_default();
    !url.contains("://") && (!first.contains(':') || (cfg!(windows) && first.len() == 2))
}

/// An address without the name and password that stand in it for a web server.
pub fn without_password(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) if scheme.starts_with("http") => {
            let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        #[track_caller]
        fn check(url: &str, expected: &str) {
            assert_eq!(without_password(url), expected);
        }
        check("https://ada:secret@example.org/nudge.git", "https://example.org/nudge.git");
        check("https://token@example.org", "https://example.org");
        check("https://example.org/a@b", "https://example.org/a@b");
        check("git@example.org:nudge.git", "git@example.org:nudge.git");
        check("ssh://git@example.org/nudge.git", "ssh://git@example.org/nudge.git");
        check("/media/stick/nudge.git", "/media/stick/nudge.git");
    }
}
