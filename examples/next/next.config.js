// Without this Next takes the repository around this folder for the project, since that has a lock file.
module.exports = { turbopack: { root: __dirname } };
