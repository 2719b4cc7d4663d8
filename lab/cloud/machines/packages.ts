// What the host images are made of. Changing a list (or image.sh, or guest/) makes new images.
export interface Image {
    imageId: string;
    suite: string;
    packages: string[];
}

const packages = [
    ...["systemd", "systemd-sysv", "libpam-systemd", "dbus", "udev", "kmod", "procps", "psmisc", "lsof"],
    ...["cloud-init", "openssh-server", "sudo", "cron", "locales", "rsync", "curl", "ca-certificates", "gnupg"],
    ...["iproute2", "iputils-ping", "netcat-openbsd", "e2fsprogs", "xfsprogs"],
    // What the products need, as the hosts have no package repository but that of the products.
    ...["python3", "python3-venv", "python3-psycopg2", "python3-cryptography", "libpam-modules", "postgresql-client"],
];

export const images: Image[] = [
    { imageId: "ami-0000000000000d12", suite: "bookworm", packages },
    { imageId: "ami-0000000000000d13", suite: "trixie", packages },
];

export const instanceTypes = [
    ...["t3.small", "t3.medium", "t3.large"],
    ...["m6i.large", "m6i.xlarge", "r6i.large", "r6i.xlarge"],
];
