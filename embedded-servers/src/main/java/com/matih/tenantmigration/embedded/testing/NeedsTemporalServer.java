package com.matih.tenantmigration.embedded.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Tests of what only a real Temporal server can do. They belong to the suite where {@link
 * TestServers#temporal()} is one; elsewhere {@link MissingToolsFilter} says what is left out.
 */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag(MissingToolsFilter.TEMPORAL_SERVER)
public @interface NeedsTemporalServer {}
