"""What the money refuses, each as a fact with a name. The texts are for people and go to the field they belong to."""

from .formation import CareGroupIsUsed as CareGroupIsUsed
from .formation import CareGroupTaken as CareGroupTaken
from .lines import AgainstTheAct as AgainstTheAct
from .lines import AllocationRefused as AllocationRefused
from .lines import BudgetIsAgreed as BudgetIsAgreed
from .lines import Conflict as Conflict
from .lines import ContributionChangedMeanwhile as ContributionChangedMeanwhile
from .lines import LineChangedMeanwhile as LineChangedMeanwhile
from .lines import LineCodeTaken as LineCodeTaken
from .lines import LineFigures as LineFigures
from .lines import LineIsUsed as LineIsUsed
from .lines import LinesChangedMeanwhile as LinesChangedMeanwhile
from .lines import LineTitleTaken as LineTitleTaken
from .lines import MoneyRefused as MoneyRefused
from .lines import NotAnAmount as NotAnAmount
from .lines import NothingToAgree as NothingToAgree
from .lines import OutsideThePartnership as OutsideThePartnership
from .lines import SplitExceedsLine as SplitExceedsLine
from .lines import YearIsOpenAlready as YearIsOpenAlready
