using StreamScorer.Simulation;

return CommandLine.Run(args, Console.Out);
