package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java program compiles against this module and what it brings with it. */
class ReadmeExampleTest {

  private static final Pattern PROGRAM =
      Pattern.compile("```java\\n(.*?public final class (\\w+) .*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void everyProgramOfTheReadmeCompiles() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    List<MatchResult> programs = PROGRAM.matcher(readme).results().toList();

    assertThat(programs).isNotEmpty();
    for (MatchResult program : programs) {
      Path source = folder.resolve(program.group(2) + ".java");
      Files.writeString(source, program.group(1));
      assertThat(errors(source)).isEmpty();
    }
  }

  private List<Diagnostic<? extends JavaFileObject>> errors(Path source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
      var unused =
          compiler
              .getTask(
                  null,
                  files,
                  found,
                  List.of(
                      "-d",
                      folder.toString(),
                      "-proc:none",
                      "-classpath",
                      System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(source))
              .call();
    }
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .toList();
  }
}
