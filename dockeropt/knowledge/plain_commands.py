"""Commands in which ShellCheck can find nothing, so long as their arguments are plain words.

ShellCheck judges expansions, quotes, patterns, redirections and compound commands, and beyond these a fixed
list of commands whose arguments it knows (``cd``, ``echo -e``, ``find``, ``grep``, ``read``, ``sudo``, …).
A program that is on neither side of that, with arguments that say nothing but themselves, gives no finding.
"""

from dockeropt.knowledge.words import words

PROGRAMS = words(
    "apt-get apt apk aptitude yum dnf microdnf tdnf zypper pacman dpkg rpm add-apt-repository"
    " pip pip3 pipx poetry uv conda mamba micromamba python python3"
    " npm npx yarn pnpm bun node corepack"
    " gem bundle composer pecl php docker-php-ext-install docker-php-ext-enable docker-php-ext-configure"
    " go cargo rustup mvn ./mvnw gradle ./gradlew sbt dotnet cabal cpanm"
    " make cmake ninja meson ./configure git svn hg"
    " curl wget tar unzip gzip gunzip bzip2 xz"
    " useradd usermod groupadd adduser addgroup chown touch install"
    " update-alternatives update-ca-certificates locale-gen ldconfig a2enmod a2dismod a2ensite"
)

REMOVALS = words("rm")
"""told of only for the folders of the system itself: see ``REMOVABLE``"""

REMOVABLE = r"-[rRfv]+|/tmp/\*?|/(?:var|root|tmp|usr/share)/[A-Za-z0-9_./-]+/?\*?"
"""what may be removed without a word from ShellCheck, a pattern behind a folder included"""

FOLDERS = words("mkdir")
"""told of only with a mode; ``-p`` is the one option that stands here without"""

TRANSFERS = words("cp mv ln")
"""told of only where there is no second operand"""

KEYWORDS = words("if then elif else fi for while until do done case esac in function select time")
"""words that ShellCheck takes for a missing ``;`` before them, even as arguments"""
