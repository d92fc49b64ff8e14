using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Model;

/// <summary>
/// Loads packages on trial: the note that one begins lies on the disk before anything of it is read, so that a package that has the process
/// killed is given up after a few attempts. The note is removed when the package is refused or found good. For the background thread.
/// </summary>
/// <param name="load">Loads a package: its settings, and the path where it lies now.</param>
/// <param name="lastGood">The copy of the last good package, and the note.</param>
/// <param name="guard">Remembers the highest version that ran.</param>
/// <param name="log">For people.</param>
internal sealed class TrialLoader(Func<ModelSettings, string, ReadyModel> load, LastGoodModel lastGood, ModelVersionGuard guard, Log log)
{
    /// <summary>Where the copy of the last good package lies; null when there is none.</summary>
    public string? CopyPath => lastGood.PackagePath;

    /// <summary>Loads the configured package on trial.</summary>
    /// <param name="settings">Where it lies and how it runs.</param>
    /// <param name="rules">Their labels must be the model's.</param>
    /// <param name="stamp">Of the package, taken before anything of it was read.</param>
    /// <exception cref="EdgeException">As for <see cref="ModelLoader.Load"/>; also when the package ended the process too often.</exception>
    public ReadyModel LoadOnTrial(ModelSettings settings, IReadOnlyList<RuleSettings> rules, PackageStamp stamp)
    {
        if (lastGood.Trials(stamp) >= LastGoodModel.MostTrials && lastGood.Id is not null)
        {
            throw EdgeException.Refused(
                $"{settings.Package}: this package was begun {LastGoodModel.MostTrials} times, and the service never ran {ModelTrial.Frames} frames "
                + "with it; put another one there, or touch it to have it tried again");
        }

        NoteTrial(stamp);
        try
        {
            var model = Load(settings, settings.Package, rules);
            if (model.Id == lastGood.Id) lastGood.EndTrial(); // it has run well before
            return model;
        }
        catch
        {
            lastGood.EndTrial();
            throw;
        }
    }

    /// <summary>Loads a package and checks that it has the labels of the rules.</summary>
    /// <param name="settings">How it runs.</param>
    /// <param name="path">Where it lies: the configured path, or the copy of the last good package.</param>
    /// <param name="rules">Their labels must be the model's.</param>
    /// <exception cref="EdgeException">As for <see cref="ModelLoader.Load"/>; exit 3: the model does not have a rule's label.</exception>
    public ReadyModel Load(ModelSettings settings, string path, IReadOnlyList<RuleSettings> rules)
    {
        var model = load(settings, path);
        try
        {
            _ = new RuleEngine(rules, model.Runner.Labels, model.Runner.Classes);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The model ran well: keeps a copy of its package to fall back to, and its version.</summary>
    /// <exception cref="EdgeException">As for <see cref="LastGoodModel.Keep"/> and <see cref="ModelVersionGuard.Ran"/>.</exception>
    public void KeepAsLastGood(ReadyModel model)
    {
        lastGood.Keep(model.Package.Path, model.Id);
        guard.Ran(model.Package.ModelVersion);
    }

    /// <summary>Removes the note: the package is not going to run, or did not end the service by itself.</summary>
    public void ForgetTrial() => lastGood.EndTrial();

    private void NoteTrial(PackageStamp stamp)
    {
        try
        {
            lastGood.BeginTrial(stamp);
        }
        catch (EdgeException e)
        {
            log.Warning("the trial of the model cannot be noted; a power cut now would forget it", ("reason", e.Message));
        }
    }
}
