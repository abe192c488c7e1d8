package com.matih.tenantmigration.embedded.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.node.NodeValidationException;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs an Elasticsearch node without the launcher of the distribution, which refuses root.
 *
 * <p>The distribution's libraries are this JVM's module path.
 */
public final class ElasticsearchMain {

  private ElasticsearchMain() {}

  /**
   * Returns once the node answers; it goes on in threads of its own.
   *
   * @param args the node's configuration folder, its name, and the file to create when it answers
   */
  @SuppressWarnings("resource") // the node lives as long as this JVM
  public static void main(String[] args) throws IOException, NodeValidationException {
    LogConfigurator.configureESLogging();
    LogConfigurator.setNodeName(args[1]);
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            Settings.EMPTY, Map.of(), Path.of(args[0]), () -> args[1]);
    LogConfigurator.configure(environment, true);
    PluginsLoader plugins =
        PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir()), Set.of(), Map.of());
    new Node(environment, plugins).start();
    Files.createFile(Path.of(args[2]));
  }
}
