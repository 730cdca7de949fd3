import type { Rule } from "../rule.ts";
import { interpreterCode } from "../interpreters.ts";
import { shells } from "../shells.ts";

/** Programs of which the other rules, or nothing at all, are to be said. Whatever is not here may do anything. */
const known: ReadonlySet<string> = new Set([
  ...shells,
  ...`. : [ [[ alias b2sum base64 basename bat bc bg break builtin bunzip2 bzip2 cal cat cd chgrp chmod chown cksum
  clear cmp column comm command compgen complete continue coproc cp csplit curl cut date dd declare df diff dig dirname
  dirs du echo egrep env eval exec exit expand export expr false fc fd fg fgrep file find flock fmt fold free
  getconf getopts git grep groups gunzip gzip hash head help hexdump history http https host hostname iconv id install ionice
  jobs join jq kill ldd less let ln local locale logname ls lsblk lsof man mapfile md5sum mkdir mkfifo mktemp more
  mv nice nl nm nohup nproc nslookup numfmt objdump od paste patch pgrep ping popd pr printenv printf ps pstree pushd pwd read
  readarray readelf readlink readonly realpath return rev rg rm rmdir script sed seq set setsid sha1sum sha224sum
  sha256sum sha384sum sha512sum shift shopt shuf size sleep sort source split ss stat stdbuf strings stty su sum
  sync tac tail tar tee test time timeout top touch tr trap tree true truncate tsort tty type typeset ulimit umask
  unalias uname unexpand uniq unlink unset unxz unzip uptime vmstat wait watch wc wget whatis whereis which who
  whoami xargs xxd xz yes yq zcat zip awk gawk mawk nawk`.split(/\s+/),
]);

/** What a program does that no rule knows, its name does not tell. */
export const unknownPrograms: Rule = ({ program }) =>
  program === "" || known.has(program) || interpreterCode(program) !== undefined
    ? null
    : { key: program, level: "MEDIUM", detail: "runs a program that the rules do not know" };
