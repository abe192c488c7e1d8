package com.matih.tenantmigration.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * How one server is launched and how it is seen to be ready.
 *
 * @param command the program with its arguments; it ends when its standard input does
 * @param environment variables set in addition to this JVM's own
 * @param ready whether the server answers now; called every few milliseconds until it does
 * @param patience how long it may take until then
 */
record Launch(
    List<String> command,
    Map<String, String> environment,
    BooleanSupplier ready,
    Duration patience) {}
