package io.s3dlio.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** How help is laid out: a command's own options first, then those that every command has. */
final class Help {

  private static final int WIDTH = 100;

  private Help() {}

  static void arrange(CommandLine command) {
    arrangeOne(command);
    command.getSubcommands().values().forEach(Help::arrange);
  }

  private static void arrangeOne(CommandLine command) {
    command.setUsageHelpWidth(WIDTH);
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, Help::options);
  }

  private static String options(CommandLine.Help help) {
    List<OptionSpec> all =
        help.commandSpec().options().stream().filter(o -> !o.hidden()).collect(Collectors.toList());
    List<OptionSpec> own = all.stream().filter(o -> !o.inherited()).collect(Collectors.toList());
    List<OptionSpec> inherited =
        all.stream().filter(OptionSpec::inherited).collect(Collectors.toList());
    StringBuilder text = new StringBuilder(list(help, own));
    if (!inherited.isEmpty()) {
      text.append(System.lineSeparator()).append("Options of all commands:");
      text.append(System.lineSeparator()).append(list(help, inherited));
    }
    return text.toString();
  }

  private static String list(CommandLine.Help help, List<OptionSpec> options) {
    Comparator<OptionSpec> asDeclared = null;
    return help.optionListExcludingGroups(
        options, help.createDefaultLayout(), asDeclared, help.parameterLabelRenderer());
  }
}
