// The configuration files of one server: TLS or nothing, the archive while backups are on, and a door only for the
// cloud itself while the server is being made. Pure text; folders as the server sees them (as-postgres.sh).

export const inside = {
    data: "/mnt/data",
    archive: "/mnt/wal",
    /** While restoring: a copy of the source's archive. */
    restore: "/mnt/restore",
    configuration: "/mnt/conf",
    socket: "/mnt/run",
} as const;

export interface ServerSettings {
    port: number;
    backups: boolean;
    /** ISO 8601: the server is to go on to this moment and no further. */
    recoverTo?: string;
}

export function renderSettings({ port, backups, recoverTo }: ServerSettings): string {
    const settings: Record<string, string> = {
        data_directory: inside.data,
        hba_file: `${inside.configuration}/pg_hba.conf`,
        ident_file: `${inside.configuration}/pg_ident.conf`,
        unix_socket_directories: inside.socket,
        listen_addresses: "*", // of its own namespace
        port: String(port),
        ssl: "on",
        ssl_cert_file: `${inside.configuration}/server.pem`,
        ssl_key_file: `${inside.configuration}/server.key`,
        ssl_min_protocol_version: "TLSv1.2",
        password_encryption: "scram-sha-256",
        shared_buffers: "32MB",
        max_connections: "100",
        max_wal_senders: "0",
        wal_level: "replica",
        // Files are never rewritten in place on the pool, so recycling them would gain nothing.
        wal_recycle: "off",
        wal_init_zero: "off",
        archive_mode: "on",
        archive_command: backups ? archiveCommand() : "true",
        // One sync of the file system instead of one for each file: the snapshot that the data came from was whole.
        recovery_init_sync_method: "syncfs",
        hot_standby: "off",
        timezone: "UTC",
        log_timezone: "UTC",
        log_line_prefix: "%m [%p] ",
        log_checkpoints: "off",
    };
    if (recoverTo !== undefined) {
        settings.restore_command = `cp ${inside.restore}/%f %p`;
        settings.recovery_target_time = recoverTo.replace("Z", "+00"); // it knows no letters for zones
        settings.recovery_target_action = "promote";
        settings.recovery_target_timeline = "current";
    }
    return Object.entries(settings)
        .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
        .join("");
}

/** A file that is there already, and the same, was archived before a crash cut the server's note of it short. */
function archiveCommand(): string {
    const target = `${inside.archive}/%f`;
    return `cmp -s %p ${target} || { test ! -e ${target} && cp %p ${target}.part && mv ${target}.part ${target}; }`;
}

/** Until the server is ready, only the cloud itself gets in, by the socket. */
export function renderAccess(open: boolean): string {
    const own = "local all rdsadmin peer map=cloud\n";
    const others = [
        "hostssl rdsadmin all all reject",
        "hostssl all rdsadmin all reject",
        "hostssl all all all scram-sha-256",
        "", // without TLS there is no entry at all
    ];
    return open ? own + others.join("\n") : own;
}

export const identityMap = "cloud root rdsadmin\n";
