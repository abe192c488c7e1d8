/** Temporal's codec server: decrypts payloads for Temporal's own UI and command line. */
@NullMarked
package com.matih.tenantmigration.starter.codec;

import org.jspecify.annotations.NullMarked;
