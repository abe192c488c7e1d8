package com.matih.tenantmigration.starter.cli.base;

import com.matih.tenantmigration.starter.layout.Screen;
import java.util.Map;

/** What a command gets from the command line that it belongs to. */
public interface Surroundings {

  /** The variables that say where Temporal and the control plane are. */
  Map<String, String> environment();

  /** Where the command shows what it has to say. */
  Screen screen();
}
